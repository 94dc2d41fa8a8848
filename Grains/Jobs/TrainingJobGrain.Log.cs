using Basgd.Contracts;
using Microsoft.Extensions.Logging;

namespace Basgd.Grains;

public sealed partial class TrainingJobGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} is {Phase}")]
    private partial void LogPhase(string job, JobPhase phase);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} at step {Version}: accuracy {Accuracy:P2}, loss {Loss:F4} on held-out data")]
    private partial void LogEvaluated(string job, ModelVersion version, double accuracy, double loss);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} could not be evaluated")]
    private partial void LogEvaluationFailed(Exception exception, string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The history of {Job} could not be written; trying again")]
    private partial void LogHistoryFailed(Exception exception, string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} could not be looked after; trying again")]
    private partial void LogLookFailed(Exception exception, string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} is over, and its model stands at step {Version} only: another one went on; what is stored is read anew")]
    private partial void LogLeftBehind(string job, ModelVersion version);
}

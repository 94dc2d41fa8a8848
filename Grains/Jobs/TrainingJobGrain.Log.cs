using Basgd.Contracts;
using Microsoft.Extensions.Logging;

namespace Basgd.Grains;

public sealed partial class TrainingJobGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} is {Phase}")]
    private partial void LogPhase(string job, JobPhase phase);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} at step {Version}: accuracy {Accuracy:P2}, loss {Loss:F4} on held-out data")]
    private partial void LogEvaluated(string job, ModelVersion version, double accuracy, double loss);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot evaluate {Job} ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogEvaluationFailed(Exception? exception, string job, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot store the evaluation of {Job} ({Failures} failures): {Reason}. Retrying with the next.")]
    private partial void LogEvaluationNotStored(string job, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot store the history of {Job} ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogHistoryFailed(string job, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot look after {Job} ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogLookFailed(Exception? exception, string job, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} is over, and its model stands at step {Version} only: another one went on; what is stored is read anew")]
    private partial void LogLeftBehind(string job, ModelVersion version);
}

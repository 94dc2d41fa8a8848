using Basgd.Contracts;
using Microsoft.Extensions.Logging;

namespace Basgd.Grains;

public sealed partial class ModelGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} opened at step {Version}")]
    private partial void LogOpened(string job, ModelVersion version);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} closed at step {Version}")]
    private partial void LogClosed(string job, ModelVersion version);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} completed at step {Version}")]
    private partial void LogCompleted(string job, ModelVersion version);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} mapped its workers anew, epoch {MappingEpoch}: {InUse} of {Buffers} buffers are in use")]
    private partial void LogReassigned(string job, int mappingEpoch, int inUse, int buffers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} put worker {Worker} in quarantine at step {Version}: {Belief:P1} sure that it is Byzantine, and for {Rounds} rounds above the threshold")]
    private partial void LogConfined(string job, int worker, ModelVersion version, double belief, int rounds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} let worker {Worker} out of quarantine at step {Version}")]
    private partial void LogLifted(string job, int worker, ModelVersion version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} goes on at step {Version}: a new generation, as newer steps may be lost")]
    private partial void LogNewGeneration(string job, ModelVersion version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} could not store segment {Segment} of its ledger: {Reason}. It stays in the model's state.")]
    private partial void LogArchiveFailed(string job, long segment, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} waits: {Active} active workers are fewer than {Buffers} buffers")]
    private partial void LogStarving(string job, int active, int buffers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} was written by another activation ({Reason}); this one, at step {Version}, gives way")]
    private partial void LogConflict(string job, ModelVersion version, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed: {Reason}")]
    private partial void LogDiverged(string job, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} cannot go on from step {Version} ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogFailed(Exception? exception, string job, ModelVersion version, int failures, string reason);
}

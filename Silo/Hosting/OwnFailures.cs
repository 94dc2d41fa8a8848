using Basgd.Contracts;
using Basgd.Grains;
using Orleans.Storage;

namespace Basgd.Silo.Hosting;

/// <summary>
/// Lets only those exceptions out of a grain that every caller can read: our own, Orleans' and the runtime's. A caller elsewhere,
/// a client above all, lacks the types of storages, of learning and of a user's workload.
/// </summary>
internal sealed partial class OwnFailures(ILogger<OwnFailures> logger) : IIncomingGrainCallFilter
{
    private readonly RepeatedProblem said = new();

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception failure) when (!IsKnownToAll(failure))
        {
            var reason = FailureReason.From(failure);
            if (said.IsNews(reason, out var times))
                LogFailed(RepeatedProblem.WithStack(failure, times), context.InterfaceName, context.MethodName, times, reason);
            throw Told(failure, reason);
        }
    }

    internal static Exception Told(Exception failure, string reason) => failure switch
    {
        // Orleans ends an activation by this type.
        InconsistentStateException conflict => new InconsistentStateException(reason, conflict.StoredEtag ?? "", conflict.CurrentEtag ?? ""),
        TimeoutException => new TimeoutException(reason),
        _ => new SiloFailedException(reason),
    };

    internal static bool IsKnownToAll(Exception failure)
    {
        for (var part = failure; part is not null; part = part.InnerException)
            if (!IsKnownToAll(part.GetType())) return false;
        return failure is not AggregateException several || several.InnerExceptions.All(IsKnownToAll);
    }

    private static bool IsKnownToAll(Type type)
    {
        if (type.Assembly == typeof(SiloFailedException).Assembly) return true;
        var assembly = type.Assembly.GetName().Name!;
        return assembly.StartsWith("System.", StringComparison.Ordinal)
            || assembly is "Orleans.Core" or "Orleans.Core.Abstractions" or "Orleans.Serialization" or "Orleans.Serialization.Abstractions";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Interface}.{Method} failed ({Failures} failures): {Reason}")]
    private partial void LogFailed(Exception? exception, string @interface, string method, int failures, string reason);
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Basgd.Contracts;
using Orleans.Storage;

namespace Basgd.Grains.Telemetry;

/// <summary>Times what is stored.</summary>
public sealed class StorageInstruments
{
    private readonly Histogram<double> duration;
    private readonly TimeProvider time;

    public StorageInstruments(IMeterFactory meters, TimeProvider time)
    {
        this.time = time;
        duration = meters.Create(Names.Source).CreateDuration("basgd.persist.duration", "Time that storing a model or a buffer took.");
    }

    /// <summary>Stores, in a span of its own.</summary>
    /// <param name="what">See <see cref="Names.State"/>.</param>
    public async Task Persist(string job, string what, Func<Task> write)
    {
        using var span = Spans.Part(Spans.Persist);
        var tags = new TagList { { Names.Job, job }, { Names.State, what } };
        var started = time.GetTimestamp();
        try
        {
            await write();
        }
        catch (Exception failure)
        {
            var cause = CauseOf(failure);
            tags.Add(Names.Error, cause);
            span?.SetStatus(ActivityStatusCode.Error).SetTag(Names.Error, cause);
            throw;
        }
        finally
        {
            duration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    private static string CauseOf(Exception failure) => failure switch
    {
        StorageFailedException failed => failed.Cause,
        InconsistentStateException => StorageCause.Conflict,
        TimeoutException => StorageCause.Timeout,
        _ => StorageCause.Other,
    };
}

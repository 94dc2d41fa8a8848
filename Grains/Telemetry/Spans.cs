using System.Diagnostics;

namespace Basgd.Grains.Telemetry;

/// <summary>
/// The service's spans. Two of them begin traces: <see cref="Contribution"/>, which is where sampling is decided, and
/// <see cref="Step"/>, which is traced where a contribution that went into it is.
/// </summary>
public static class Spans
{
    /// <summary>One order of a worker: from its lease to the buffer's answer.</summary>
    public const string Contribution = "contribution";

    /// <summary>Renews the lease.</summary>
    public const string Lease = "lease";

    /// <summary>Gets a model that is new enough.</summary>
    public const string Fetch = "fetch";

    /// <summary>Waits for a compute lane.</summary>
    public const string Wait = "wait";

    /// <summary>Computes the gradient, and makes of it what the worker sends.</summary>
    public const string Compute = "compute";

    /// <summary>Sends it to its buffer, again where need be.</summary>
    public const string Submit = "submit";

    /// <summary>The buffer checks it and takes it in.</summary>
    public const string Buffer = "buffer";

    /// <summary>One step of the model; linked to the contributions in it that are traced.</summary>
    public const string Step = "step";

    /// <summary>Freezes one buffer's round.</summary>
    public const string Seal = "seal";

    /// <summary>Aggregates the buffers and descends.</summary>
    public const string Aggregate = "aggregate";

    /// <summary>Stores the model, or a buffer.</summary>
    public const string Persist = "persist";

    /// <summary>Lets the buffers forget what is applied.</summary>
    public const string Commit = "commit";

    /// <summary>Most links of one step, as many as the OpenTelemetry specification lets a span have by default.</summary>
    public const int MaxLinks = 128;

    private static readonly ActivitySource Source = new(Names.Source);

    /// <summary>Starts a part of the trace at hand; null where there is none, or it is not sampled.</summary>
    public static Activity? Part(string name) => Activity.Current is { Recorded: true } ? Source.StartActivity(name) : null;

    internal static Activity? Part(string name, DateTimeOffset from, IEnumerable<KeyValuePair<string, object?>> tags) =>
        Activity.Current is { Recorded: true } ? Source.StartActivity(ActivityKind.Internal, tags: tags, startTime: from, name: name) : null;

    /// <summary>Starts the trace of a contribution.</summary>
    internal static Activity? StartContribution(string job, int worker, long sequence)
    {
        Activity.Current = null;
        var contribution = Source.StartActivity(Contribution);
        if (contribution is { IsAllDataRequested: true })
            contribution.SetTag(Names.Job, job).SetTag(Names.Worker, worker).SetTag(Names.Sequence, sequence);
        return contribution;
    }

    /// <summary>Starts the trace of a step; whether it is sampled its links decide.</summary>
    internal static Activity? StartStep(DateTimeOffset from, IEnumerable<ActivityLink> links)
    {
        Activity.Current = null;
        return Source.StartActivity(ActivityKind.Internal, links: links, startTime: from, name: Step);
    }
}

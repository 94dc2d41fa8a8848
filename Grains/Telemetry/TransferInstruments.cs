using System.Diagnostics.Metrics;
using Basgd.Aggregation.Memory;

namespace Basgd.Grains.Telemetry;

/// <summary>Counts what comes over the wire.</summary>
public sealed class TransferInstruments(IMeterFactory meters)
{
    /// <summary>Values of <see cref="Names.Vector"/>.</summary>
    public const string Gradient = "gradient", Model = "model";

    private readonly Counter<long> received = meters.Create(Names.Source).CreateCounter<long>("basgd.vector.received", "By", "Bytes of gradients and models that came to this silo over the wire; those that lie on it already cost nothing.");

    public void Received(string kind, ParameterVector vector) => received.Add((long)vector.Length * sizeof(float), Names.Tag(Names.Vector, kind));
}

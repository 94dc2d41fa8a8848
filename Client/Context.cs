using Basgd.Client.Clusters;

namespace Basgd.Client;

/// <summary>What a verb works with; tests bring their own.</summary>
/// <param name="Interrupted">Cancelled by the first Ctrl-C or SIGTERM: finish and leave.</param>
internal sealed record Context(Terminal Terminal, IClusterOpener Clusters, TimeProvider Time, CancellationToken Interrupted);

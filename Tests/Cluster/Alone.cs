namespace Basgd.Cluster.Tests;

/// <summary>Tests that keep every processor busy, or measure: nothing runs beside one.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

namespace Basgd.Aggregation.Kernels;

/// <summary>What an order statistic is needed for.</summary>
internal enum Need : byte
{
    Nothing,

    /// <summary>To be one of those that are summed: which of their values is which does not matter.</summary>
    Sum,

    Itself,
}

namespace Basgd.Grains;

/// <summary>How slow a transfer may be before it is given up.</summary>
internal static class Pace
{
    private const double SlowestBytesPerSecond = 1 << 20;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Within this time so many floats must have come.</summary>
    public static TimeSpan For(long floats) => Grace + TimeSpan.FromSeconds(floats * sizeof(float) / SlowestBytesPerSecond);
}

namespace Basgd.Simulator;

/// <summary>First index given to <see cref="Learning.Seeds.Derive"/>, one for each thing that is drawn; large, so that no learner or attack has the same.</summary>
internal static class Streams
{
    public const long Turns = 1L << 40;
    public const long Workers = (1L << 40) + 1;
}

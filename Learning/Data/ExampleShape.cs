namespace Basgd.Learning.Data;

/// <summary>The shape of one image, and of a batch of them as (examples, channels, height, width).</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
public sealed record ExampleShape(int Channels, int Height, int Width)
{
    /// <summary>Values in one example.</summary>
    public int Size => Channels * Height * Width;

    public override string ToString() => $"{Channels}x{Height}x{Width}";
}

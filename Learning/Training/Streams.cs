namespace Basgd.Learning;

/// <summary>First index given to <see cref="Seeds.Derive"/>, one for each thing that is drawn, so that no two share numbers.</summary>
internal static class Streams
{
    public const long Initialisation = 1;
    public const long Shards = 2;
    public const long Epochs = 3;
    public const long Statistics = 4;
    public const long Synthetic = 5;
    public const long Augmentation = 6;
}

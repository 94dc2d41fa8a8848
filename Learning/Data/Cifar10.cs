namespace Basgd.Learning.Data;

/// <summary>CIFAR-10 (Krizhevsky, 2009), binary version: 50,000 + 10,000 colour photographs of 32×32, 10 kinds of things.</summary>
public sealed class Cifar10(DataOptions options) : Dataset("cifar-10", "CIFAR-10: 50,000 + 10,000 colour 32x32 photographs of 10 kinds of things; augmented", Colour, 10)
{
    private static readonly ExampleShape Colour = new(3, 32, 32);
    private static readonly PixelScale[] ByChannel = [new(0.4914, 0.2470), new(0.4822, 0.2435), new(0.4465, 0.2616)];

    private readonly FileFinder _finder = new(Files, options);

    private static FileSet Files { get; } = new(
        "cifar-10",
        [new("data_batch_1.bin"), new("data_batch_2.bin"), new("data_batch_3.bin"), new("data_batch_4.bin"), new("data_batch_5.bin"), new("test_batch.bin")],
        [new("https://www.cs.toronto.edu/~kriz/")],
        Archive: new("cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", "cifar-10-batches-bin"));

    /// <summary>As in the paper: the image moves by up to 4 pixels and may be mirrored.</summary>
    public override CropAndFlip Augmentation { get; } = new();

    public override IReadOnlyList<PixelScale> Scales => ByChannel;

    public override IReadOnlyList<string> ClassNames { get; } = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public override async ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default)
    {
        var paths = await _finder.FindAsync(cancellation);
        return DataFiles.Checked(Name, () => paths.SkipLast(1).Sum(path => CifarFile.Count(path, Colour)));
    }

    protected override async Task<Split> ReadAsync()
    {
        var paths = await _finder.FindAsync(CancellationToken.None);
        return DataFiles.Checked(Name, () => new Split(Read(paths.SkipLast(1)), Read(paths.TakeLast(1))));
    }

    private ImageExamples Read(IEnumerable<string> paths)
    {
        var (labels, pixels) = CifarFile.Read(paths, Colour, Classes);
        return new ImageExamples(Colour, pixels, labels, ByChannel);
    }
}

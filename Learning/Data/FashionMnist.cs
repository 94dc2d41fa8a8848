namespace Basgd.Learning.Data;

/// <summary>Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017): 60,000 + 10,000 grey images of 28×28, 10 kinds of clothing.</summary>
public sealed class FashionMnist(DataOptions options) : Dataset("fashion-mnist", "Fashion-MNIST: 60,000 + 10,000 grey 28x28 images of 10 kinds of clothing", Grey, 10)
{
    private static readonly ExampleShape Grey = new(1, 28, 28);
    private static readonly PixelScale Scale = new(0.2860, 0.3530);

    private readonly FileFinder _finder = new(Files, options);

    // The sums of the files as their authors publish them; distributions compress them anew, so theirs differ.
    private static FileSet Files { get; } = new(
        "fashion-mnist",
        [
            new("train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new("train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new("t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new("t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ],
        [
            new("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        ],
        Package: new("dataset-fashion-mnist", "datasets/fashion-mnist"));

    public override IReadOnlyList<PixelScale> Scales { get; } = [Scale];

    public override IReadOnlyList<string> ClassNames { get; } = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public override async ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default)
    {
        var paths = await _finder.FindAsync(cancellation);
        return DataFiles.Checked(Name, () => IdxFile.ReadShape(paths[0], 3)[0]);
    }

    protected override async Task<Split> ReadAsync()
    {
        var paths = await _finder.FindAsync(CancellationToken.None);
        return DataFiles.Checked(Name, () => new Split(Read(paths[0], paths[1]), Read(paths[2], paths[3])));
    }

    private static ImageExamples Read(string images, string labels)
    {
        var (shape, pixels) = IdxFile.Read(images, 3);
        var (count, kinds) = IdxFile.Read(labels, 1);
        if (shape[1] != Grey.Height || shape[2] != Grey.Width)
            throw new InvalidDataException($"{images} holds images of {shape[1]}x{shape[2]}, not 28x28.");
        if (count[0] != shape[0]) throw new InvalidDataException($"{labels} holds {count[0]} labels for the {shape[0]} images of {images}.");
        if (kinds.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9) is var wrong and >= 0)
            throw new InvalidDataException($"{labels}: label {wrong} is {kinds[wrong]}, not one of 0 to 9.");
        return new ImageExamples(Grey, pixels, kinds, Scale);
    }
}

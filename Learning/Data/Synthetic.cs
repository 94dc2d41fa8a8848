using Basgd.Learning.Training;

namespace Basgd.Learning.Data;

/// <summary>
/// Made-up images for tests and quick trials, no files needed: each class is a smooth random pattern, each example its class's
/// pattern shifted by up to two pixels, dimmed at random and covered with noise. 6,000 + 1,000 grey images of 28×28, 10 classes.
/// </summary>
public sealed class Synthetic(ulong seed = 1) : Dataset("synthetic", "made-up patterns: 6,000 + 1,000 grey 28x28 images of 10 classes, no files needed", Grey, Kinds)
{
    private const int Kinds = 10;
    private const int Training = 6000;
    private const int Test = 1000;
    private const int Shift = 2;
    private const double Noise = 30;
    private static readonly ExampleShape Grey = new(1, 28, 28);
    private static readonly PixelScale Scale = new(0.5, 0.25);

    public override IReadOnlyList<PixelScale> Scales { get; } = [Scale];

    public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => ValueTask.FromResult((long)Training);

    protected override Task<Split> ReadAsync()
    {
        var patterns = Enumerable.Range(0, Kinds).Select(kind => Pattern(new Random(Seeds.Derive(seed, Streams.Synthetic, 0, kind)))).ToArray();
        return Task.FromResult(new Split(Draw(Training, 1, patterns), Draw(Test, 2, patterns)));
    }

    private ImageExamples Draw(int count, long part, double[][] patterns)
    {
        var random = new Random(Seeds.Derive(seed, Streams.Synthetic, part));
        var pixels = new byte[count * Grey.Size];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % Kinds);
            Paint(patterns[labels[i]], random, pixels.AsSpan(i * Grey.Size, Grey.Size));
        }
        return new ImageExamples(Grey, pixels, labels, Scale);
    }

    private static void Paint(double[] pattern, Random random, Span<byte> image)
    {
        var (down, right) = (random.Next(-Shift, Shift + 1), random.Next(-Shift, Shift + 1));
        var contrast = 0.6 + 0.4 * random.NextDouble();
        for (var y = 0; y < Grey.Height; y++)
        {
            for (var x = 0; x < Grey.Width; x++)
            {
                var from = Math.Clamp(y + down, 0, Grey.Height - 1) * Grey.Width + Math.Clamp(x + right, 0, Grey.Width - 1);
                var value = 127.5 + 100 * contrast * pattern[from] + Noise * Gamma.Normal(random);
                image[y * Grey.Width + x] = (byte)Math.Clamp(value, 0, 255);
            }
        }
    }

    /// <summary>A sum of a few slow waves, scaled to −1 … 1.</summary>
    private static double[] Pattern(Random random)
    {
        var pattern = new double[Grey.Size];
        for (var wave = 0; wave < 4; wave++)
        {
            var (fx, fy, phase) = (3 * random.NextDouble(), 3 * random.NextDouble(), 2 * Math.PI * random.NextDouble());
            for (var i = 0; i < pattern.Length; i++)
                pattern[i] += Math.Sin(2 * Math.PI * (fx * (i % Grey.Width) / Grey.Width + fy * (i / Grey.Width) / Grey.Height) + phase);
        }
        var largest = pattern.Max(Math.Abs);
        return [.. pattern.Select(value => value / largest)];
    }
}

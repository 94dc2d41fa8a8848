using Basgd.Learning.Data;

namespace Basgd.Learning.Tests.Data;

public class CropAndFlipTests
{
    private const int Images = 20_000;
    private static readonly ExampleShape _shape = new(2, 9, 11);

    // Pixel (channel, y, x) has a value of its own, and none is the zero of the frame.
    private static readonly float[] _image = [.. Enumerable.Range(1, _shape.Size).Select(value => (float)value)];

    [Fact]
    public void EachOffsetAndEachSideIsEquallyLikely()
    {
        const int Seed = 5;
        var images = Augment(Seed);
        var seen = new Dictionary<(int Down, int Right, bool Mirrored), int>();
        for (var i = 0; i < Images; i++)
        {
            var found = Explain(images.AsSpan(i * _shape.Size, _shape.Size));
            seen[found] = seen.GetValueOrDefault(found) + 1;
        }
        // 7 × 7 offsets and 2 sides: 204 of each are expected, with a standard deviation of 14.2; six of them are allowed.
        seen.Count.ShouldBe(98);
        const double Expected = Images / 98.0;
        foreach (var (what, count) in seen) ((double)count).ShouldBe(Expected, 6 * Math.Sqrt(Expected), $"{what}, seed {Seed}");
    }

    [Fact]
    public void TheSameSeedMakesTheSameImages()
    {
        Augment(1).ShouldBe(Augment(1));
        Augment(1).ShouldNotBe(Augment(2));
    }

    private static float[] Augment(int seed)
    {
        float[] images = [.. Enumerable.Repeat(_image, Images).SelectMany(image => image)];
        new CropAndFlip(3).Apply(_shape, images, new Random(seed));
        return images;
    }

    /// <summary>By trying: which crop, framed with zeros, and mirrored or not, makes this image?</summary>
    private static (int Down, int Right, bool Mirrored) Explain(ReadOnlySpan<float> image)
    {
        // The middle pixel of the first channel is never from the frame, and tells where it came from.
        var middle = (int)image[_shape.Height / 2 * _shape.Width + _shape.Width / 2] - 1;
        var (down, right) = (middle / _shape.Width - _shape.Height / 2, middle % _shape.Width - _shape.Width / 2);
        foreach (var mirrored in (bool[])[false, true])
        {
            if (image.SequenceEqual(Expected(down, right, mirrored))) return (down, right, mirrored);
        }
        throw new ShouldAssertException($"no crop makes the image with {middle} in its middle");
    }

    private static float[] Expected(int down, int right, bool mirrored) =>
    [
        .. from channel in Enumerable.Range(0, _shape.Channels)
           from y in Enumerable.Range(down, _shape.Height)
           from x in mirrored ? Enumerable.Range(right, _shape.Width).Reverse() : Enumerable.Range(right, _shape.Width)
           select y < 0 || y >= _shape.Height || x < 0 || x >= _shape.Width ? 0 : _image[(channel * _shape.Height + y) * _shape.Width + x],
    ];
}

namespace Basgd.Learning.Data;

/// <summary>
/// The usual augmentation of small photographs (He et al., 2016, section 4.2): an image is framed with zeros, which is its mean
/// colour, cut back to its size at a random place, and mirrored left to right in half of the cases.
/// </summary>
/// <param name="Padding">Width of the frame in pixels; the image moves by at most that much.</param>
public sealed record CropAndFlip(int Padding = 4)
{
    /// <summary>Changes normalised images in place, each on its own.</summary>
    /// <param name="shape">Of one image.</param>
    /// <param name="images">One after the other, channels first.</param>
    /// <param name="random">Two offsets and a side are drawn for each image.</param>
    public void Apply(ExampleShape shape, Span<float> images, Random random)
    {
        var original = new float[shape.Size];
        for (; images.Length > 0; images = images[shape.Size..])
        {
            var image = images[..shape.Size];
            image.CopyTo(original);
            var (down, right) = (random.Next(-Padding, Padding + 1), random.Next(-Padding, Padding + 1));
            Cut(shape, original, image, down, right, mirrored: random.Next(2) == 1);
        }
    }

    private static void Cut(ExampleShape shape, ReadOnlySpan<float> original, Span<float> image, int down, int right, bool mirrored)
    {
        var (height, width) = (shape.Height, shape.Width);
        for (var row = 0; row < shape.Channels * height; row++)
        {
            var target = image.Slice(row * width, width);
            var y = row % height + down;
            target.Clear();
            if (y < 0 || y >= height) continue;
            var source = original.Slice((row + down) * width, width);
            for (var x = Math.Max(0, -right); x < Math.Min(width, width - right); x++) target[mirrored ? width - 1 - x : x] = source[x + right];
        }
    }
}

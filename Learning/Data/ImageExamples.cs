namespace Basgd.Learning.Data;

/// <summary>Images kept as the bytes they came in and normalised, (pixel/255 − mean)/deviation, when a batch is put together.</summary>
public sealed class ImageExamples : IExamples
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly int _size;
    private readonly float[] _normalised = new float[256];

    /// <param name="shape">Of each image.</param>
    /// <param name="pixels">Image after image, channels first.</param>
    /// <param name="labels">One for each image.</param>
    /// <param name="mean">Of the training pixels, on a scale of 0 … 1.</param>
    /// <param name="deviation">Standard deviation of the training pixels, on the same scale.</param>
    /// <exception cref="ArgumentException">There are not as many pixels as the labels ask for.</exception>
    public ImageExamples(ExampleShape shape, byte[] pixels, byte[] labels, double mean, double deviation)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (pixels.LongLength != (long)labels.Length * shape.Size)
            throw new ArgumentException($"{pixels.LongLength} pixels are not {labels.Length} images of {shape}.", nameof(pixels));
        (_pixels, _labels, _size) = (pixels, labels, shape.Size);
        for (var value = 0; value < 256; value++) _normalised[value] = (float)((value / 255.0 - mean) / deviation);
    }

    public ReadOnlySpan<byte> Labels => _labels;

    public void Write(ReadOnlySpan<int> indices, Span<float> inputs)
    {
        var table = _normalised;
        for (var i = 0; i < indices.Length; i++)
        {
            var image = _pixels.AsSpan(indices[i] * _size, _size);
            var target = inputs.Slice(i * _size, _size);
            for (var j = 0; j < image.Length; j++) target[j] = table[image[j]];
        }
    }
}

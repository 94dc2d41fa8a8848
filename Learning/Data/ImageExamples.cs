namespace Basgd.Learning.Data;

/// <param name="Mean">Of a channel's training pixels, on a scale of 0 … 1.</param>
/// <param name="Deviation">Their standard deviation, on the same scale.</param>
public readonly record struct PixelScale(double Mean, double Deviation);

/// <summary>Images kept as the bytes they came in and normalised, (pixel/255 − mean)/deviation, when a batch is put together.</summary>
public sealed class ImageExamples : IExamples
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly int _size;
    private readonly float[][] _normalised;

    /// <param name="shape">Of each image.</param>
    /// <param name="pixels">Image after image, channels first.</param>
    /// <param name="labels">One for each image.</param>
    /// <param name="scales">One for each channel.</param>
    /// <exception cref="ArgumentException">There are not as many pixels as the labels ask for, or not as many scales as channels.</exception>
    public ImageExamples(ExampleShape shape, byte[] pixels, byte[] labels, params ReadOnlySpan<PixelScale> scales)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (pixels.LongLength != (long)labels.Length * shape.Size)
            throw new ArgumentException($"{pixels.LongLength} pixels are not {labels.Length} images of {shape}.", nameof(pixels));
        if (scales.Length != shape.Channels) throw new ArgumentException($"{scales.Length} scales are not one for each of {shape.Channels} channels.", nameof(scales));
        (_pixels, _labels, _size) = (pixels, labels, shape.Size);
        _normalised = new float[scales.Length][];
        for (var channel = 0; channel < scales.Length; channel++) _normalised[channel] = Table(scales[channel]);
    }

    public ReadOnlySpan<byte> Labels => _labels;

    public void Write(ReadOnlySpan<int> indices, Span<float> inputs)
    {
        var plane = _size / _normalised.Length;
        for (var i = 0; i < indices.Length; i++)
        {
            for (var channel = 0; channel < _normalised.Length; channel++)
            {
                var table = _normalised[channel];
                var pixels = _pixels.AsSpan(indices[i] * _size + channel * plane, plane);
                var target = inputs.Slice(i * _size + channel * plane, plane);
                for (var j = 0; j < pixels.Length; j++) target[j] = table[pixels[j]];
            }
        }
    }

    private static float[] Table(PixelScale scale) =>
        [.. Enumerable.Range(0, 256).Select(value => (float)((value / 255.0 - scale.Mean) / scale.Deviation))];
}

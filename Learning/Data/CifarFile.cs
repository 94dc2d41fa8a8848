namespace Basgd.Learning.Data;

/// <summary>
/// Reads the binary format of CIFAR-10: one record after another without a header, each a byte for the label and then the pixels,
/// channel by channel, row by row; 1 + 3072 bytes for 32×32 in three colours.
/// </summary>
public static class CifarFile
{
    /// <summary>Number of records, from the length of the file.</summary>
    /// <exception cref="InvalidDataException">That is not a whole number; the message names the file.</exception>
    public static long Count(string path, ExampleShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var record = 1 + shape.Size;
        var length = new FileInfo(path).Length;
        if (length == 0 || length % record != 0)
            throw new InvalidDataException($"{path} is {length} bytes long, not a whole number of records of {record} bytes (a label and {shape} pixels).");
        return length / record;
    }

    /// <summary>The records of some files, one file after the other.</summary>
    /// <param name="paths">At least one.</param>
    /// <param name="shape">Of one image.</param>
    /// <param name="classes">Labels are 0 … classes − 1.</param>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message names it and says where it differs.</exception>
    public static (byte[] Labels, byte[] Pixels) Read(IEnumerable<string> paths, ExampleShape shape, int classes)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(shape);
        var files = paths.Select(path => (Path: path, Count: (int)Count(path, shape))).ToArray();
        var labels = new byte[files.Sum(file => file.Count)];
        var pixels = new byte[checked(labels.Length * shape.Size)];
        var next = 0;
        foreach (var (path, count) in files)
        {
            using var stream = new BufferedStream(File.OpenRead(path), 1 << 16);
            for (var i = 0; i < count; i++, next++)
            {
                stream.ReadExactly(labels, next, 1);
                if (labels[next] >= classes) throw new InvalidDataException($"{path}: record {i} has label {labels[next]}, not one of 0 to {classes - 1}.");
                stream.ReadExactly(pixels, next * shape.Size, shape.Size);
            }
        }
        return (labels, pixels);
    }
}

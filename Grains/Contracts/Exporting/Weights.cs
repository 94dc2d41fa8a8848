using System.Globalization;

namespace Basgd.Contracts.Exporting;

/// <summary>A model's parameters.</summary>
/// <param name="Tensors">In the order in which they lie in <paramref name="Bytes"/>, row-major.</param>
/// <param name="Bytes">Little-endian floats.</param>
public sealed record Weights(string Job, ModelVersion Version, IReadOnlyList<TensorShape> Tensors, byte[] Bytes)
{
    /// <summary>How to use them, as texts by name.</summary>
    public IReadOnlyDictionary<string, string> Usage { get; init; } = new Dictionary<string, string>();

    /// <summary>What a file says of itself: the job, the version, and how to use it.</summary>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>(Usage)
    {
        ["job"] = Job,
        ["generation"] = Version.Generation.ToString(CultureInfo.InvariantCulture),
        ["step"] = Version.Step.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Each tensor with its bytes.</summary>
    /// <exception cref="InvalidDataException">The shapes do not add up to the vector.</exception>
    public IEnumerable<(TensorShape Tensor, int Offset, int Length)> Slices()
    {
        long offset = 0;
        foreach (var tensor in Tensors)
        {
            var length = tensor.Shape.Aggregate((long)sizeof(float), static (size, dimension) => checked(size * dimension));
            if (offset + length > Bytes.Length) break;
            yield return (tensor, (int)offset, (int)length);
            offset += length;
        }

        if (offset != Bytes.Length) throw new InvalidDataException($"{Job}: {Tensors.Count} tensors do not make up {Bytes.Length / sizeof(float)} parameters");
    }
}

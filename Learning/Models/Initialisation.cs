namespace Basgd.Learning.Models;

/// <summary>
/// PyTorch's default initial values from a seed of our own: weights of two and more dimensions, and the biases beside them, are
/// uniform on ±1/√fan-in (Kaiming-uniform with a = √5); the one-dimensional weights of normalisation layers are 1, their biases 0.
/// An embedding is uniform on ±1/√width instead of normal, which for a width of 100 is the ±0.1 of PyTorch's language model example.
/// Torch's generator is global, so it cannot be used where learners are made side by side.
/// </summary>
internal static class Initialisation
{
    public static void Fill(IReadOnlyList<ParameterShape> layout, ulong seed, Span<float> parameters)
    {
        var shapes = layout.ToDictionary(entry => entry.Name, entry => entry.Shape);
        var offset = 0;
        for (var index = 0; index < layout.Count; index++)
        {
            var entry = layout[index];
            var values = parameters.Slice(offset, (int)entry.Count);
            offset += values.Length;
            var own = entry.Name.LastIndexOf('.') + 1;
            var isBias = entry.Name.AsSpan(own).StartsWith("bias");
            var weight = isBias && shapes.TryGetValue($"{entry.Name[..own]}weight{entry.Name[(own + "bias".Length)..]}", out var sibling) ? sibling : entry.Shape;
            if (weight.Count < 2)
            {
                values.Fill(isBias ? 0 : 1);
                continue;
            }
            var bound = 1 / Math.Sqrt(weight.Skip(1).Aggregate(1L, (product, size) => product * size));
            var random = new Random(Seeds.Derive(seed, Streams.Initialisation, index));
            foreach (ref var value in values) value = (float)((2 * random.NextDouble() - 1) * bound);
        }
    }
}

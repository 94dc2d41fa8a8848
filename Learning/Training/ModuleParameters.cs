using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// A module's parameters as one flat vector of float32, whatever the module computes in, in the order of its state_dict. Values go
/// through one staging tensor, pinned where there is a GPU, which so sees one transfer each way at the full rate of the bus. Only
/// parameters count: running statistics of batch normalisation are not trained and not in the vector.
/// </summary>
internal sealed class ModuleParameters : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly Tensor _staging;
    private readonly Tensor _flat;
    private readonly Tensor[] _slices;

    public ModuleParameters(nn.Module module, Device device)
    {
        _parameters = [.. module.named_parameters().Select(entry => entry.parameter)];
        Dimension = checked((int)_parameters.Sum(parameter => parameter.numel()));
        using var keep = NewDisposeScope();
        var onCpu = device.type == TorchSharp.DeviceType.CPU;
        _staging = onCpu ? empty(Dimension, ScalarType.Float32, CPU) : empty(Dimension, ScalarType.Float32, CPU).pin_memory();
        _flat = onCpu ? _staging : empty(Dimension, ScalarType.Float32, device);
        var offset = 0L;
        _slices = [.. _parameters.Select(parameter =>
        {
            var slice = _flat.narrow(0, offset, parameter.numel()).view(parameter.shape);
            offset += parameter.numel();
            return slice;
        })];
        keep.Detach([_staging, _flat, .. _slices]);
    }

    public int Dimension { get; }

    public static IReadOnlyList<ParameterShape> LayoutOf(nn.Module module) =>
        [.. module.named_parameters().Select(entry => new ParameterShape(entry.name, entry.parameter.shape))];

    /// <summary>Copies values into the module.</summary>
    public void Load(ReadOnlySpan<float> values)
    {
        if (values.Length != Dimension) throw new ArgumentException($"{values.Length} parameters were given, the model has {Dimension}.", nameof(values));
        MemoryMarshal.AsBytes(values).CopyTo(_staging.bytes);
        using var frozen = no_grad();
        if (!ReferenceEquals(_flat, _staging)) _flat.copy_(_staging);
        for (var i = 0; i < _parameters.Length; i++) _parameters[i].copy_(_slices[i]);
    }

    /// <summary>Copies the gradient of a scalar with respect to the parameters out of torch.</summary>
    public void Gradient(Tensor loss, Span<float> gradient)
    {
        if (gradient.Length != Dimension) throw new ArgumentException($"The gradient has room for {gradient.Length} values, the model has {Dimension}.", nameof(gradient));
        var parts = autograd.grad([loss], _parameters);
        var flat = cat([.. parts.Select(part => part.reshape(-1).to(ScalarType.Float32))]);
        if (!ReferenceEquals(_flat, _staging)) flat = _staging.copy_(flat);
        MemoryMarshal.Cast<byte, float>(flat.bytes).CopyTo(gradient);
    }

    public void Dispose()
    {
        foreach (var slice in _slices) slice.Dispose();
        _flat.Dispose();
        _staging.Dispose();
    }
}

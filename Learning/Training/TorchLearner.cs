using Basgd.Learning.Models;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>One replica of a module with what it is to learn: parameters in, gradient or judgement out.</summary>
internal sealed class TorchLearner : ILearner
{
    private readonly nn.Module _module;
    private readonly IObjective _objective;
    private readonly ulong _seed;
    private readonly IReadOnlyList<ParameterShape> _layout;
    private readonly ModuleParameters _parameters;

    /// <param name="module">Owned from now on, on the device.</param>
    public TorchLearner(nn.Module module, Device device, IObjective objective, ulong seed)
    {
        (_module, _objective, _seed) = (module, objective, seed);
        _layout = ModuleParameters.LayoutOf(module);
        _parameters = new ModuleParameters(module, device);
    }

    public int Dimension => _parameters.Dimension;

    public void Initialise(Span<float> parameters)
    {
        if (parameters.Length != Dimension) throw new ArgumentException($"There is room for {parameters.Length} parameters, the model has {Dimension}.", nameof(parameters));
        Initialisation.Fill(_layout, _seed, parameters);
    }

    public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, _objective.Workers);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        TorchRuntime.Settle();
        using var scope = NewDisposeScope();
        _parameters.Load(parameters);
        _module.train();
        var loss = _objective.Loss(worker, sequence);
        _parameters.Gradient(loss, gradient);
        return loss.item<float>();
    }

    public Evaluation Evaluate(ReadOnlySpan<float> parameters)
    {
        TorchRuntime.Settle();
        using var frozen = no_grad();
        _parameters.Load(parameters);
        return _objective.Evaluate();
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _module.Dispose();
    }
}

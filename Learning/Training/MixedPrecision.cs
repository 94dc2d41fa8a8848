using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// Computing in bfloat16 with everything that adds up small numbers in float32 (Micikevicius et al., ICLR 2018): the parameters are
/// kept and updated by the server in float32, normalisation and the loss stay in float32, and what is between them takes half the
/// memory. bfloat16 has the range of float32, so the loss need not be scaled, as float16 would want it.
/// </summary>
internal static class MixedPrecision
{
    public static void Apply(nn.Module module)
    {
        module.to(ScalarType.BFloat16);
        foreach (var layer in module.modules().OfType<NormBase>()) layer.to(ScalarType.Float32);
    }

    /// <summary>What the module makes of the inputs, in float32.</summary>
    /// <param name="inputs">Floats, or indices, which stay what they are.</param>
    public static Tensor Forward(this nn.Module<Tensor, Tensor> module, Tensor inputs, bool mixed)
    {
        if (!mixed) return module.forward(inputs);
        return module.forward(inputs.is_floating_point() ? inputs.to(ScalarType.BFloat16) : inputs).to(ScalarType.Float32);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// Computing in bfloat16 with everything that adds up small numbers in float32 (Micikevicius et al., ICLR 2018): the parameters are
/// kept and updated by the server in float32, normalisation and the loss stay in float32, and what is between them takes half the
/// memory. bfloat16 has the range of float32, so the loss need not be scaled, as float16 would want it.
/// On a processor the layers compute in float32 with numbers that are rounded to bfloat16 on their way from one to the next: the same
/// rounding, but neither less memory nor less time. libtorch's own bfloat16 gets gradients of small convolutions wrong there on
/// AMD's Zen 5 (a cosine of 0.78 with the right ones; the like of it: pytorch/pytorch issue 163347).
/// </summary>
internal static class MixedPrecision
{
    /// <summary>From now on the module takes and returns float32, or takes indices, and computes with bfloat16.</summary>
    /// <param name="module">On the device. It must <c>call</c> its layers, not <c>forward</c> through them, for these to round on a processor.</param>
    public static void Apply(nn.Module<Tensor, Tensor> module, Device device)
    {
        if (device.type == DeviceType.CPU) RoundBetweenLayers(module);
        else Convert(module);
    }

    private static void Convert(nn.Module<Tensor, Tensor> module)
    {
        module.to(ScalarType.BFloat16);
        foreach (var layer in module.modules().OfType<NormBase>()) layer.to(ScalarType.Float32);
        module.register_forward_pre_hook(static (_, inputs) => inputs.is_floating_point() ? inputs.to(ScalarType.BFloat16) : inputs);
        module.register_forward_hook(static (_, _, outputs) => outputs.to(ScalarType.Float32));
    }

    private static void RoundBetweenLayers(nn.Module<Tensor, Tensor> module)
    {
        nn.Module[] layers = [.. module.modules().Where(static layer => !layer.children().Any())];
        Tensor[] parameters = [.. layers.Where(static layer => layer is not NormBase).SelectMany(static layer => layer.parameters())];
        foreach (var layer in layers.OfType<nn.Module<Tensor, Tensor>>()) layer.register_forward_pre_hook(static (_, inputs) => Round(inputs));
        module.register_forward_pre_hook((_, inputs) =>
        {
            using var frozen = no_grad();
            foreach (var parameter in parameters) parameter.copy_(Round(parameter));
            return inputs;
        });
        module.register_forward_hook(static (_, _, outputs) => Round(outputs));
    }

    private static Tensor Round(Tensor values) => values.is_floating_point() ? values.to(ScalarType.BFloat16).to(ScalarType.Float32) : values;
}

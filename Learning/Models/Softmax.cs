using Basgd.Learning.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Models;

/// <summary>Multinomial logistic regression: one linear layer, a convex problem.</summary>
internal sealed class Softmax : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc;

    public Softmax(ExampleShape shape, int classes) : base(nameof(Softmax))
    {
        fc = nn.Linear(shape.Size, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => fc.call(input.flatten(1));
}

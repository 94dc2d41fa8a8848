using Basgd.Learning.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Models;

/// <summary>
/// LeNet-5 (LeCun et al., 1998) as it is used today: max pooling, ReLU, every feature map connected. 28×28 images are padded to the
/// 32×32 that the paper has. d = 61,706 for one channel and 10 classes.
/// </summary>
internal sealed class LeNet5 : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Linear fc3;

    public LeNet5(ExampleShape shape, int classes) : base(nameof(LeNet5))
    {
        var padding = (shape.Height, shape.Width) switch
        {
            (28, 28) => 2,
            (32, 32) => 0,
            _ => throw new ArgumentException($"lenet5 takes images of 28x28 or 32x32, not {shape.Height}x{shape.Width}.", nameof(shape)),
        };
        conv1 = nn.Conv2d(shape.Channels, 6, 5L, padding: padding);
        conv2 = nn.Conv2d(6, 16, 5L);
        fc1 = nn.Linear(16 * 5 * 5, 120);
        fc2 = nn.Linear(120, 84);
        fc3 = nn.Linear(84, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = nn.functional.max_pool2d(nn.functional.relu(conv1.call(input)), 2L);
        x = nn.functional.max_pool2d(nn.functional.relu(conv2.call(x)), 2L);
        x = nn.functional.relu(fc1.call(x.flatten(1)));
        x = nn.functional.relu(fc2.call(x));
        return fc3.call(x);
    }
}

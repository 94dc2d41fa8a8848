using Basgd.Learning.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Models;

/// <summary>
/// ResNet-20 for small images (He et al., 2016, section 4.2): three stages of three blocks with 16, 32 and 64 channels. Where a stage
/// halves the image its shortcut is a strided 1×1 convolution with batch normalisation (option B). With 10 classes d = 272,474 for
/// three channels and 272,186 for one.
/// </summary>
internal sealed class ResNet20 : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Linear fc;

    public ResNet20(ExampleShape shape, int classes) : base(nameof(ResNet20))
    {
        conv1 = nn.Conv2d(shape.Channels, 16, 3L, padding: 1L, bias: false);
        bn1 = nn.BatchNorm2d(16);
        layer1 = Stage(16, 16, 1);
        layer2 = Stage(16, 32, 2);
        layer3 = Stage(32, 64, 2);
        fc = nn.Linear(64, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = nn.functional.relu(bn1.call(conv1.call(input)));
        x = layer3.call(layer2.call(layer1.call(x)));
        return fc.call(x.mean([2, 3]));
    }

    private static Sequential Stage(int channels, int planes, int stride) => nn.Sequential(
        ("0", new Block(channels, planes, stride)),
        ("1", new Block(planes, planes, 1)),
        ("2", new Block(planes, planes, 1)));

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential? shortcut;

        public Block(int channels, int planes, int stride) : base(nameof(Block))
        {
            conv1 = nn.Conv2d(channels, planes, 3L, stride, padding: 1L, bias: false);
            bn1 = nn.BatchNorm2d(planes);
            conv2 = nn.Conv2d(planes, planes, 3L, padding: 1L, bias: false);
            bn2 = nn.BatchNorm2d(planes);
            if (stride != 1) shortcut = nn.Sequential(("0", nn.Conv2d(channels, planes, 1L, stride, bias: false)), ("1", nn.BatchNorm2d(planes)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var x = nn.functional.relu(bn1.call(conv1.call(input)));
            x = bn2.call(conv2.call(x));
            return nn.functional.relu(x + (shortcut?.call(input) ?? input));
        }
    }
}

using Basgd.Learning.Models;
using Basgd.Learning.Training;
using static TorchSharp.torch;

namespace OwnModel;

/// <summary>What a job asks for by <c>model: mlp</c> and <c>dataset: blobs</c>: a network with one hidden layer on two clouds of points.</summary>
internal sealed class Mine() : ClassifierWorkload(
    new Model("mlp", "one hidden layer of 8", (shape, classes) => nn.Sequential(nn.Flatten(), nn.Linear(shape.Size, 8), nn.Tanh(), nn.Linear(8, classes))),
    new Blobs());

using Basgd.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Tests.Hosting;

public sealed class TorchDevicesTests
{
    private static readonly string[] TwoGpus = ["cuda:0", "cuda:1"];
    private static readonly string[] Present = [.. TwoGpus, "cpu"];

    [Theory]
    [InlineData("auto", "cuda:0,cuda:1")]
    [InlineData("cuda:1", "cuda:1")]
    [InlineData("cuda:1, cpu", "cuda:1,cpu")]
    public void TheOnesThatAreAskedForAreTaken(string wanted, string names) =>
        TorchDevices.Choose(wanted, TwoGpus, Present).Names.ShouldBe(names.Split(','));

    [Theory]
    [InlineData("cuda:2", "Basgd:Worker:Devices = cuda:2: must be auto, or of cuda:0, cuda:1, cpu, which are what this machine has")]
    [InlineData("cuda:0,cuda:0", "Basgd:Worker:Devices = cuda:0,cuda:0: must name each device once; Lanes says how many gradients are computed at once")]
    public void OthersAreRefused(string wanted, string message) =>
        Should.Throw<OptionsValidationException>(() => TorchDevices.Choose(wanted, TwoGpus, Present)).Failures.ShouldBe([message]);
}

using Basgd.Learning.Training;

namespace Basgd.Learning.Tests.Training;

/// <summary>On whatever this machine has: where there is no GPU the processor is all of it.</summary>
public sealed class DeviceTests
{
    private static readonly LearnerSettings Settings = new(Seed: 5, Workers: 2, BatchSize: 16);

    public static TheoryData<string> Present => [.. TorchRuntime.Present];

    [Theory]
    [MemberData(nameof(Present))]
    public async Task EveryDeviceFindsTheSameGradientAndJudgement(string device)
    {
        using var here = await Learners.CreateAsync("lenet5", "synthetic", Settings with { Device = device });
        using var cpu = await Learners.CreateAsync("lenet5", "synthetic", Settings with { Device = ComputeDevices.Cpu });
        var w = Learners.Initial(cpu);
        Learners.Initial(here).ShouldBe(w);
        Distance(Learners.Gradient(here, w, 1, 3), Learners.Gradient(cpu, w, 1, 3)).ShouldBeLessThan(1e-3);
        here.Evaluate(w).Loss.ShouldBe(cpu.Evaluate(w).Loss, 1e-3);
    }

    [Fact]
    public void GpusComeFirstAndTheProcessorIsAlwaysThere()
    {
        TorchRuntime.Present[^1].ShouldBe("cpu");
        TorchRuntime.Preferred.ShouldBe(TorchRuntime.Present.Count == 1 ? ["cpu"] : [.. TorchRuntime.Present.SkipLast(1)]);
    }

    [Fact]
    public async Task ADeviceThatIsNotThereIsRefusedByName()
    {
        var refused = await Should.ThrowAsync<WorkloadUnavailableException>(async () => await Learners.CreateAsync("softmax", "synthetic", Settings with { Device = "cuda:99" }));
        refused.Message.ShouldStartWith("device = cuda:99: must be one of ");
    }

    private static double Distance(float[] left, float[] right) =>
        Math.Sqrt(left.Zip(right, static (a, b) => Math.Pow(a - b, 2)).Sum() / right.Sum(static b => (double)b * b));
}

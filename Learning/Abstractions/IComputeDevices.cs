namespace Basgd.Learning;

/// <summary>What a host computes on. Its lanes are spread over all of them.</summary>
public interface IComputeDevices
{
    /// <summary>Names such as <c>cpu</c> or <c>cuda:1</c>, at least one, each once.</summary>
    IReadOnlyList<string> Names { get; }
}

/// <summary>Devices known by their names.</summary>
public sealed record ComputeDevices(IReadOnlyList<string> Names) : IComputeDevices
{
    public const string Cpu = "cpu";

    /// <summary>The processor alone.</summary>
    public static ComputeDevices CpuOnly { get; } = new([Cpu]);
}

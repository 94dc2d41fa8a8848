using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>A worker between its turns. Without momentum it holds no vector of its own.</summary>
internal sealed class SimulatedWorker(JobSpec job, int index)
{
    /// <summary>Clips, momentum, the attacks that need no one else.</summary>
    public WorkerCore Core { get; } = new(job, index);

    public int Index => index;

    /// <summary>Whether it computes and sends nothing.</summary>
    public bool IsSilent => job.IsSilent(index);

    /// <summary>Whether it has a model and its gradient has not arrived.</summary>
    public bool IsComputing { get; set; }

    /// <summary>Number of its next turn.</summary>
    public long Turns { get; set; }

    /// <summary>Number of its next gradient.</summary>
    public long Sequence { get; set; }

    /// <summary>The model that it fetched.</summary>
    public ModelVersion Version { get; set; }

    /// <summary>The mapping that came with it.</summary>
    public int MappingEpoch { get; set; }

    /// <summary>Virtual seconds from the fetch to the arrival.</summary>
    public double Work { get; set; }

    /// <summary>Its newest gradient, in flight or sent, where attackers are to see it.</summary>
    public (ParameterVector Gradient, double Loss)? Newest { get; private set; }

    /// <summary>Shows attackers a gradient, in place of the one before.</summary>
    public void Show((ParameterVector Gradient, double Loss)? next)
    {
        Newest?.Gradient.Return();
        Newest = next;
    }
}

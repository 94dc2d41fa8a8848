using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>Mimics a worker's slot. A gradient is a function of worker and sequence alone, so a step can be replayed from the ledger.</summary>
internal sealed class SimulatedWorker(int index)
{
    private ModelState? model;
    private long sequence;

    public int Index => index;

    /// <summary>Something that went out before and may arrive again, late.</summary>
    public Submission? Earlier { get; private set; }

    /// <summary>The worker of the highest index of five sends what no honest one would.</summary>
    public static float[] Gradient(int worker, long sequence) =>
    [
        .. Enumerable.Range(1, World.Dimension).Select(i => (worker == 4 ? 100 : 1) * (float)((((worker + 3) * 7919) + ((sequence + 5) * 104_729 * i)) % 1999 - 1000) / 1000),
    ];

    public void Fetch(ModelState newest) => model = newest;

    /// <summary>Another silo takes the worker over and goes on where the model says.</summary>
    public void Restart(ModelState newest)
    {
        model = newest;
        sequence = newest.LastApplied[index] + 1;
    }

    /// <summary>Sends the gradient at hand. Where the answer is lost it is sent again next time.</summary>
    public void Work(World world)
    {
        if (model is null) Fetch(world.Model.State);
        var submission = Submission();
        Earlier = submission;
        if (world.Send(model!.Routing.BufferOf[index], submission) is { } answer) Take(answer, world.Model.State);
    }

    public Submission Submission() =>
        new(index, sequence, model?.Routing.MappingEpoch ?? 0, model?.Version ?? default, 1, ParameterVector.CopyOf(Gradient(index, sequence)));

    private void Take(SubmitResult answer, ModelState newest)
    {
        switch (answer.Refusal)
        {
            case null:
                sequence++;
                break;
            case Refusal.Duplicate:
                sequence = answer.LastSequence + 1;
                break;
            case Refusal.WrongBuffer or Refusal.ImplausibleVersion or Refusal.TooStale or Refusal.TooMany:
                Fetch(newest);
                break;
        }
    }
}

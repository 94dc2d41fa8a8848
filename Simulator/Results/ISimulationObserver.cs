using Basgd.Contracts;

namespace Basgd.Simulator;

/// <summary>Looks at every step as it is made, on the simulating thread.</summary>
public interface ISimulationObserver
{
    /// <summary>A step was made.</summary>
    void Stepped(StepObservation step);
}

/// <summary>What a step was made of.</summary>
/// <param name="At">How far the simulation is, this step included.</param>
/// <param name="Rows">The rule's rows: BASGD's buffers by index, or a row a worker, or the only row.</param>
/// <param name="Suspicion">The belief that each worker is Byzantine, 0 … 1, after the step; see <see cref="Protocol.Suspicion"/>.</param>
/// <param name="Quarantined">Workers whose gradients are refused from now on, ascending.</param>
public sealed record StepObservation(Progress At, IReadOnlyList<RowObservation> Rows, IReadOnlyList<double> Suspicion, IReadOnlyList<int> Quarantined);

/// <summary>One of the rows that a step aggregated.</summary>
/// <param name="Contributions">The new contributions that it is made of.</param>
/// <param name="Norm">‖h‖.</param>
/// <param name="Distance">‖h − G‖, its distance from the aggregate.</param>
public sealed record RowObservation(IReadOnlyList<Contribution> Contributions, double Norm, double Distance);

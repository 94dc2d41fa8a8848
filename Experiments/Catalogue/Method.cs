using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>A row of an experiment's table: a server, and what the workers do for it.</summary>
/// <param name="WorkerMomentum">μ, 0 for none.</param>
internal sealed record Method(string Name, ServerSpec Server, double WorkerMomentum = 0)
{
    public static Method Asgd { get; } = new("ASGD", new AsgdServer());

    public static Method Kardam(int gamma) => new($"Kardam, γ = {gamma}", new KardamServer { Gamma = gamma });

    public static Method Basgd(int buffers, string rule) => new($"BASGD, B = {buffers}, {rule}", new BasgdServer { Buffers = buffers, Rule = rule });

    /// <summary>BASGD with momentum on the workers, BASGDm in the paper.</summary>
    public static Method BasgdM(int buffers, string rule) => new($"BASGDm, B = {buffers}, {rule}", new BasgdServer { Buffers = buffers, Rule = rule }, WorkerMomentum: 0.9);

    /// <summary>The method's trial in a setting.</summary>
    public Trial In(string setting, Setup setup) => new(setting, Name, setup with
    {
        Spec = setup.Spec with
        {
            Server = Server,
            WorkerMomentum = WorkerMomentum,
            LearningRate = Server is AsgdServer && setup.AsgdRate is { } rate ? setup.Spec.LearningRate with { Initial = rate } : setup.Spec.LearningRate,
        },
    });
}

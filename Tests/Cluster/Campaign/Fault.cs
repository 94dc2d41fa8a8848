namespace Basgd.Cluster.Tests.Campaign;

/// <summary>What can go wrong in a campaign.</summary>
internal enum Fault
{
    /// <summary>SIGKILL of the silo that holds the model.</summary>
    KillModel,

    /// <summary>SIGKILL of any silo.</summary>
    Kill,

    /// <summary>SIGKILL of two silos at the same moment.</summary>
    KillTwo,

    /// <summary>SIGKILL of every silo at the same moment.</summary>
    KillAll,

    /// <summary>SIGSTOP of any silo, SIGCONT a while later.</summary>
    Hang,

    /// <summary>The same with the silo that holds the model.</summary>
    HangModel,

    /// <summary>SIGSTOP of the silo that holds the model until the others call it dead, then SIGCONT: for a while it takes itself to be alive.</summary>
    HangUntilDead,

    /// <summary>SIGTERM to one silo after the other, each started again before the next.</summary>
    Roll,

    /// <summary>SIGKILL of the storage server, which is started again a while later.</summary>
    KillStorage,

    /// <summary>SIGSTOP of the storage server, SIGCONT a while later.</summary>
    HangStorage,

    /// <summary>SIGKILL of the silo, and a bit of its newest checkpoint of the model is wrong when it starts again.</summary>
    FlipBit,

    /// <summary>SIGKILL of the silo, and half of its newest checkpoint of the model is missing when it starts again.</summary>
    Truncate,
}

/// <param name="Gap">Steps from the fault before to this one.</param>
/// <param name="Silo">Which one, where any will do; the next one, too, where two are wanted.</param>
/// <param name="Duration">How long, where it lasts.</param>
internal sealed record PlannedFault(Fault Fault, int Gap, int Silo, TimeSpan Duration)
{
    public override string ToString() => FormattableString.Invariant($"{Gap} steps on {Fault} (silo {Silo}, {Duration.TotalSeconds:F1} s)");
}

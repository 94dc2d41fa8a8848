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

    /// <summary>Nothing passes between one silo and all else, storage and clients among it, for a while.</summary>
    Isolate,

    /// <summary>Nothing passes between the silo that holds the model and the other silos, until they call it dead; storage and clients still reach it.</summary>
    Split,

    /// <summary>A silo that was started anew has a clock that jumps ahead or back by minutes and, after a while, to the right time again. Then it is killed.</summary>
    JumpClock,

    /// <summary>SIGKILL of the storage server, which is started again a while later.</summary>
    KillStorage,

    /// <summary>SIGSTOP of the storage server, SIGCONT a while later.</summary>
    HangStorage,

    /// <summary>Every answer of storage comes late, for a while.</summary>
    SlowStorage,

    /// <summary>Storage closes every connection, for a while.</summary>
    RefuseStorage,

    /// <summary>Storage does what it is asked and then closes the connection in place of an answer, a few times.</summary>
    LoseAnswers,

    /// <summary>The disk is full, for a while.</summary>
    FillDisk,

    /// <summary>SIGKILL of the model's silo, and a bit of the newest stored model is wrong when it is read again.</summary>
    FlipBit,

    /// <summary>SIGKILL of the model's silo, and half of the newest stored model is missing when it is read again.</summary>
    Truncate,

    /// <summary>SIGKILL of the model's silo, and the model is stored as it was some steps before when it is read again.</summary>
    BringBackOld,
}

/// <param name="Gap">Steps from the fault before to this one.</param>
/// <param name="Silo">Which one, where any will do; the next one, too, where two are wanted.</param>
/// <param name="Duration">How long, where it lasts.</param>
internal sealed record PlannedFault(Fault Fault, int Gap, int Silo, TimeSpan Duration)
{
    public override string ToString() => FormattableString.Invariant($"{Gap} steps on {Fault} (silo {Silo % 100}, {Duration.TotalSeconds:F1} s)");
}

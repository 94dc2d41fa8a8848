namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>What a schedule is to bring about now and then, so that what is checked is checked with it.</summary>
internal enum Happening
{
    Reassign,
    Shrink,
    Grow,
    Reshuffle,
    Quarantine,
    Lift,
    Complete,
    StepBetweenCheckpoints,
}

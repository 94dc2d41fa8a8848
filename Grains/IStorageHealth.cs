namespace Basgd.Grains;

/// <summary>Whether what grains store in answers, as this silo knows it. Registered by a host that watches its storage.</summary>
public interface IStorageHealth
{
    /// <summary>What is wrong, in one line for people; null while the storage does what it should.</summary>
    string? Problem { get; }

    /// <summary>Completes as soon as the storage does not answer at all; another one that is not completed is here once it does.</summary>
    Task Lost { get; }

    /// <summary>Something depends on the storage: has it asked soon if nothing was heard of it for a while. Returns at once.</summary>
    void Check();
}

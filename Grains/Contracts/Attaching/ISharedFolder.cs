namespace Basgd.Contracts.Attaching;

/// <summary>A state directory as the processes of one machine share it. A lock ends with the process that holds it, however that process ends.</summary>
public interface ISharedFolder
{
    /// <summary>Locks a file for this process, and makes the file if it is missing.</summary>
    /// <param name="isTemporary">Whether the file goes with the lock. A process that is killed leaves it behind, unlocked.</param>
    /// <returns>Null if somebody has it open.</returns>
    IDisposable? TryLock(string name, bool isTemporary = false);

    /// <summary>Whether a process holds the lock of a file.</summary>
    bool IsLocked(string name);

    /// <summary>Names of the files in a folder; empty if there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Null if there is no such file.</summary>
    string? Read(string name);

    /// <summary>Replaces a file as a whole.</summary>
    void Write(string name, string text);

    /// <summary>Does nothing if there is no such file.</summary>
    void Delete(string name);
}

using Basgd.Contracts.Attaching;

namespace Basgd.Client.Tests.Attaching;

/// <summary>What a process holds of the files of a state directory. When it is killed, its locks are released and it does nothing more.</summary>
internal sealed class SimulatedProcess(ISharedFolder files) : ISharedFolder
{
    private readonly List<IDisposable> held = [];

    public bool IsAlive { get; private set; } = true;

    public int? ExitCode { get; private set; }

    public void End(int exitCode)
    {
        if (!IsAlive) return;
        IsAlive = false;
        ExitCode = exitCode;

        // The system closes the files of a process that ends, in some order, and removes none.
        foreach (var file in held) file.Dispose();
        held.Clear();
    }

    public IDisposable? TryLock(string name, bool isTemporary = false)
    {
        Live();
        if (files.TryLock(name) is not { } locked) return null;
        held.Add(locked);
        return new Held(this, locked, isTemporary ? name : null);
    }

    public bool IsLocked(string name)
    {
        Live();
        return files.IsLocked(name);
    }

    public IReadOnlyList<string> List(string folder)
    {
        Live();
        return files.List(folder);
    }

    public string? Read(string name)
    {
        Live();
        return files.Read(name);
    }

    public void Write(string name, string text)
    {
        Live();
        files.Write(name, text);
    }

    public void Delete(string name)
    {
        Live();
        files.Delete(name);
    }

    /// <exception cref="KilledException">The process was killed.</exception>
    private void Live()
    {
        if (!IsAlive) throw new KilledException();
    }

    private sealed class Held(SimulatedProcess process, IDisposable locked, string? temporary) : IDisposable
    {
        public void Dispose()
        {
            if (!process.IsAlive) return;
            if (temporary is not null) process.Delete(temporary);
            process.held.Remove(locked);
            locked.Dispose();
        }
    }
}

/// <summary>Ends what a killed process would still do.</summary>
internal sealed class KilledException : Exception;

using Basgd.Contracts.Attaching;

namespace Basgd.Client.Tests.Attaching;

/// <summary>Files with locks, in memory: as <see cref="SharedFolder"/> has them on a disk, which a test of its own holds.</summary>
internal sealed class MemoryFolder : ISharedFolder
{
    private readonly Dictionary<string, string> files = [];
    private readonly HashSet<string> locked = [];

    public IDisposable? TryLock(string name, bool isTemporary = false)
    {
        if (!locked.Add(name)) return null;
        files.TryAdd(name, "");
        return new Held(this, name, isTemporary);
    }

    public bool IsLocked(string name) => locked.Contains(name);

    public IReadOnlyList<string> List(string folder) => [.. files.Keys.Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))];

    public string? Read(string name) => files.GetValueOrDefault(name);

    public void Write(string name, string text) => files[name] = text;

    public void Delete(string name) => files.Remove(name);

    private sealed class Held(MemoryFolder folder, string name, bool isTemporary) : IDisposable
    {
        public void Dispose()
        {
            if (isTemporary) folder.files.Remove(name);
            folder.locked.Remove(name);
        }
    }
}

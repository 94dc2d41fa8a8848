namespace Basgd.Tests.Servers;

/// <summary>Redis that logs every write before it answers, so that a killed one comes back with its data.</summary>
public sealed class RedisServer : Server
{
    /// <summary>As StackExchange.Redis reads it.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    /// <summary>As <c>basgd --cluster</c> takes it.</summary>
    public string Address => $"redis://:{Password}@127.0.0.1:{Port}";

    protected override string ReadyLine => "Ready to accept connections";

    protected override string[] Command(int port) =>
    [
        "redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--dir", Folder, "--requirepass", Password,
        "--save", "", "--appendonly", "yes", "--appendfsync", "always",
    ];
}

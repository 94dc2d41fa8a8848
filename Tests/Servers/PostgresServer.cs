namespace Basgd.Tests.Servers;

/// <summary>PostgreSQL with one user, <c>basgd</c>, and the database <c>postgres</c>.</summary>
public sealed class PostgresServer : Server
{
    private const string User = "basgd";

    /// <summary>The server refuses to be root; Debian's package makes this user.</summary>
    private static readonly string[] Unprivileged = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private string Data => Path.Combine(Folder, "data");

    /// <summary>As Npgsql reads it.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={User};Password={Password};Database=postgres";

    /// <summary>As <c>basgd --cluster</c> takes it.</summary>
    public string Address => $"postgres://{User}:{Password}@127.0.0.1:{Port}/postgres";

    protected override string ReadyLine => "database system is ready to accept connections";

    /// <summary>Immediate shutdown. KILL would leave its other processes behind for a while.</summary>
    protected override string CrashSignal => "QUIT";

    protected override async Task Prepare()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
        var passwordFile = Path.Combine(Folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await Run([.. Unprivileged, Find("initdb"), "--pgdata", Data, "--username", User, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--no-sync", "--encoding", "UTF8", "--locale", "C"]);
    }

    // A killed server's data is safe with the system: only a power cut needs fsync.
    protected override string[] Command(int port) =>
    [
        .. Unprivileged, Find("postgres"), "-D", Data, "-p", $"{port}",
        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200",
    ];

    /// <summary>Debian keeps the server's programs off the path.</summary>
    private static string Find(string program) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program)).Where(File.Exists).OrderDescending().FirstOrDefault(program)
            : program;
}

namespace Basgd.Tests.Servers;

/// <summary>Azure Blob Storage, emulated by Azurite.</summary>
public sealed class AzuriteServer : Server
{
    private const string Account = "basgd";
    private static readonly string Program = Path.Combine("Tests", "Servers", "node_modules", "azurite", "dist", "src", "blob", "main.js");

    /// <summary>The account's key.</summary>
    private string Key => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Password));

    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{Port}/{Account};";

    /// <summary>Whether it refuses a client that is newer than itself, as it does unless it is told not to.</summary>
    public bool ChecksVersion { get; init; }

    protected override string ReadyLine => "successfully listen";

    // Silent keeps the line that says it listens. Without the one after it would call home.
    protected override string[] Command(int port) =>
    [
        "env", $"AZURITE_ACCOUNTS={Account}:{Key}",
        "node", Find(), "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", Folder, "--silent", "--disableTelemetry",
        .. ChecksVersion ? (string[])[] : ["--skipApiVersionCheck"],
    ];

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, Program) is var path && File.Exists(path)) return path;
        throw new FileNotFoundException($"{Program} is not installed; run Infra/setup.sh --tests");
    }
}

namespace Basgd.Silo.Hosting;

/// <summary>Passwords and keys of connection strings, to be blotted out of whatever is shown.</summary>
internal sealed class Secrets(params IEnumerable<string> connections)
{
    private const string Hidden = "***";
    private static readonly string[] Keys = ["password", "pwd", "accountkey", "sharedaccesssignature"];

    /// <summary>The longest first, so that none is left in part.</summary>
    private readonly string[] secrets = [.. connections.SelectMany(Of).Where(static secret => secret.Length > 0).Distinct().OrderByDescending(static secret => secret.Length)];

    public string Redact(string text) => secrets.Aggregate(text, static (shown, secret) => shown.Replace(secret, Hidden, StringComparison.Ordinal));

    private static IEnumerable<string> Of(string connection)
    {
        yield return connection;
        if (Uri.TryCreate(connection, UriKind.Absolute, out var uri) && uri.UserInfo.Split(':', 2) is [_, var password])
        {
            yield return password;
            yield return Uri.UnescapeDataString(password);
        }

        foreach (var part in connection.Split([';', ',', '?', '&']))
            if (part.Split('=', 2) is [var key, var value] && Keys.Contains(key.Trim().ToLowerInvariant())) yield return value.Trim().Trim('"', '\'');
    }
}

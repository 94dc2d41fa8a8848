using System.Globalization;

namespace Basgd.Contracts;

/// <summary>Addresses of servers as one writes them, <c>redis://…</c> and <c>postgres://…</c>, turned into what their clients read.</summary>
public static class ClusterAddress
{
    private const string Hidden = "***";

    /// <summary>What StackExchange.Redis reads, from <c>redis://user:password@host:port/database</c> or <c>rediss://…</c>. Anything else is taken to be that already.</summary>
    /// <exception cref="FormatException">The address has no host, a password that StackExchange.Redis cannot read, or a database that is no number. The message does not repeat it.</exception>
    public static string Redis(string address)
    {
        if (!IsRedis(address)) return address;
        var uri = Parse(address);
        var (user, password) = UserInfo(uri);
        var database = uri.AbsolutePath.Trim('/');
        if ((user + password).Contains(',', StringComparison.Ordinal)) throw new FormatException("must have no comma in user and password");
        if (database.Length > 0 && !int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw new FormatException("must name the database by a number");
        return string.Join(
            ',',
            new[]
            {
                $"{uri.Host}:{(uri.Port > 0 ? uri.Port : 6379)}",
                user.Length > 0 ? $"user={user}" : "",
                password.Length > 0 ? $"password={password}" : "",
                database.Length > 0 ? $"defaultDatabase={database}" : "",
                uri.Scheme == "rediss" ? "ssl=true" : "",
            }.Where(static part => part.Length > 0));
    }

    /// <summary>What Npgsql reads, from <c>postgres://user:password@host:port/database?option=value</c>. Anything else is taken to be that already.</summary>
    /// <exception cref="FormatException">The address has no host. The message does not repeat it.</exception>
    public static string Postgres(string address)
    {
        if (!IsPostgres(address)) return address;
        var uri = Parse(address);
        var (user, password) = UserInfo(uri);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        var options = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static option => option.Split('=', 2)).Where(static option => option.Length == 2);
        return string.Join(
            ';',
            new[] { ("Host", uri.Host), ("Port", uri.Port > 0 ? $"{uri.Port}" : "5432"), ("Username", user), ("Password", password), ("Database", database) }
                .Concat(options.Select(static option => (Uri.UnescapeDataString(option[0]), Uri.UnescapeDataString(option[1]))))
                .Where(static part => part.Item2.Length > 0)
                .Select(static part => $"{part.Item1}=\"{part.Item2.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
    }

    public static bool IsRedis(string address) => Has(address, "redis") || Has(address, "rediss");

    public static bool IsPostgres(string address) => Has(address, "postgres") || Has(address, "postgresql");

    /// <summary>The address as it may be shown: without the password.</summary>
    public static string WithoutPassword(string address)
    {
        if (!IsRedis(address) && !IsPostgres(address)) return address;
        var from = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = address.LastIndexOf('@');
        var colon = at > from ? address.IndexOf(':', from, at - from) : -1;
        return colon < 0 ? address : $"{address[..(colon + 1)]}{Hidden}{address[at..]}";
    }

    private static bool Has(string address, string scheme) => address.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase);

    private static Uri Parse(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri : throw new FormatException("must be SCHEME://USER:PASSWORD@HOST:PORT/DATABASE");

    private static (string User, string Password) UserInfo(Uri uri)
    {
        var parts = uri.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}

namespace Basgd.Contracts.Connections;

/// <summary>Where a certificate is, PEM files all.</summary>
/// <param name="Certificate">The certificate shown to others; behind it those between it and the authority, if there are any.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">One or more certificates; who shows one that they signed is believed.</param>
public sealed record TlsFiles(string Certificate, string Key, string Authority)
{
    /// <returns>What is in them: the same content is equal.</returns>
    /// <exception cref="TlsFileException">One cannot be read.</exception>
    internal TlsTexts Read() => new(Read(nameof(Certificate), Certificate), Read(nameof(Key), Key), Read(nameof(Authority), Authority));

    private static string Read(string name, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TlsFileException(name, $"must be a file that can be read ({failure.Message})");
        }
    }
}

/// <summary>The content of <see cref="TlsFiles"/>; it never shows itself, for there is a key in it.</summary>
internal sealed record TlsTexts(string Certificate, string Key, string Authority)
{
    public override string ToString() => nameof(TlsTexts);
}

/// <summary>A file is not what it must be; the message says the rule and has nothing of the content.</summary>
/// <param name="file">Which of <see cref="TlsFiles"/>.</param>
/// <param name="rule">In words for whoever gave the files, told how they call each of <see cref="TlsFiles"/>.</param>
public sealed class TlsFileException(string file, Func<Func<string, string>, string> rule) : FormatException(rule(static name => name))
{
    public TlsFileException(string file, string rule)
        : this(file, _ => rule)
    {
    }

    /// <summary>Which of <see cref="TlsFiles"/>.</summary>
    public string File { get; } = file;

    /// <param name="name">How one of <see cref="TlsFiles"/> is called by whoever gave it: an option's full name.</param>
    public string Rule(Func<string, string> name) => rule(name);
}

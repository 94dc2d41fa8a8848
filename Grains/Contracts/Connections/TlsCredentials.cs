namespace Basgd.Contracts.Connections;

/// <summary>
/// The identity for the next connection. The files are read for each, because there are few connections: renewed files need no
/// restart. While the new content is wrong or half written, the old identity stays.
/// </summary>
/// <param name="isSilo">As for <see cref="TlsIdentity.Read"/>.</param>
public sealed class TlsCredentials(TlsFiles files, bool isSilo, TimeProvider time)
{
    private readonly Lock gate = new();
    private TlsTexts? texts;
    private TlsIdentity? identity;
    private string? problem;

    /// <summary>Told why renewed files are not used, once for each reason in a row.</summary>
    public Action<TlsFileException>? Refused { get; set; }

    /// <exception cref="TlsFileException">The files are wrong and were never right.</exception>
    public TlsIdentity Current()
    {
        lock (gate)
        {
            try
            {
                var found = files.Read();
                if (found != texts) identity = TlsIdentity.Parse(found, isSilo, time.GetUtcNow());
                (texts, problem) = (found, null);
            }
            catch (TlsFileException wrong) when (identity is not null)
            {
                if (problem != wrong.Message) Refused?.Invoke(wrong);
                problem = wrong.Message;
            }

            return identity!;
        }
    }
}

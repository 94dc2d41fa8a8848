namespace Basgd.Contracts.Connections;

/// <summary>
/// The identity for the next connection. The files are read for each, for there are few; who renews them needs no restart, and
/// while what is new in them is wrong, or half written, the old one stays.
/// </summary>
/// <param name="isSilo">As for <see cref="TlsIdentity.Read"/>.</param>
public sealed class TlsCredentials(TlsFiles files, bool isSilo, TimeProvider time)
{
    private readonly Lock gate = new();
    private TlsTexts? texts;
    private TlsIdentity? identity;

    /// <summary>Told why renewed files are not used.</summary>
    public Action<TlsFileException>? Refused { get; set; }

    /// <exception cref="TlsFileException">The files are wrong and were never right.</exception>
    public TlsIdentity Current()
    {
        lock (gate)
        {
            try
            {
                var found = files.Read();
                if (found == texts) return identity!;
                identity = TlsIdentity.Parse(found, isSilo, time.GetUtcNow());
                texts = found;
            }
            catch (TlsFileException wrong) when (identity is not null)
            {
                Refused?.Invoke(wrong);
            }

            return identity!;
        }
    }
}

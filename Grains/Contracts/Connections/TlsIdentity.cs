using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Basgd.Contracts.Connections;

/// <summary>Who one is, and whom one believes.</summary>
public sealed class TlsIdentity
{
    /// <summary>What a certificate may be used for, as X.509 numbers it: to be a server, to be a client.</summary>
    private static readonly Oid Server = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid Client = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection authority;

    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authority)
    {
        this.authority = authority;
        Certificate = certificate;
        Shown = SslStreamCertificateContext.Create(certificate, between, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>When the certificate expires.</summary>
    public DateTimeOffset Expires => Certificate.NotAfter;

    /// <summary>When the first of the certificates expires that signed it, directly or not.</summary>
    public DateTimeOffset AuthorityExpires { get; private set; }

    /// <summary>The certificate as it is shown, with those between it and the authority.</summary>
    internal SslStreamCertificateContext Shown { get; }

    /// <summary>Reads the files and checks that others will believe what is in them.</summary>
    /// <param name="isSilo">Whether it must do for a silo, which both asks and answers.</param>
    /// <exception cref="TlsFileException">One of them cannot be read or is not what it must be.</exception>
    public static TlsIdentity Read(TlsFiles files, bool isSilo, DateTimeOffset now) => Parse(files.Read(), isSilo, now);

    internal static TlsIdentity Parse(TlsTexts texts, bool isSilo, DateTimeOffset now)
    {
        var authority = Certificates(nameof(TlsFiles.Authority), texts.Authority);
        var certificates = Certificates(nameof(TlsFiles.Certificate), texts.Certificate);
        var identity = new TlsIdentity(WithKey(texts), [.. certificates.Skip(1)], authority);
        identity.Check(certificates, isSilo, now);
        return identity;
    }

    /// <summary>Whom one believes: certificates of the authority, now in force, that are for what the other side does.</summary>
    /// <param name="asServer">Whether the other side must be allowed to be a server.</param>
    /// <param name="asClient">Whether it must be allowed to be a client. A silo must be both.</param>
    internal X509ChainPolicy Belief(bool asServer, bool asClient)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authority);
        if (asServer) policy.ApplicationPolicy.Add(Server);
        if (asClient) policy.ApplicationPolicy.Add(Client);
        return policy;
    }

    private void Check(X509Certificate2Collection certificates, bool isSilo, DateTimeOffset now)
    {
        const string File = nameof(TlsFiles.Certificate);
        if (now < Certificate.NotBefore) throw new TlsFileException(File, $"must be in force: it is not before {Time(Certificate.NotBefore)}");
        if (now > Certificate.NotAfter) throw new TlsFileException(File, $"must be in force: it expired {Time(Certificate.NotAfter)}");
        using var chain = new X509Chain { ChainPolicy = Belief(isSilo, asClient: true) };
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        if (chain.Build(Certificate))
        {
            AuthorityExpires = chain.ChainElements.Select(static element => element.Certificate).Skip(1).DefaultIfEmpty(Certificate).Min(static signer => signer.NotAfter);
            return;
        }

        var wrong = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        throw wrong.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? new TlsFileException(File, $"must be for {(isSilo ? "servers and clients: a silo is both" : "clients")}")
            : new TlsFileException(File, name => $"must be signed by {name(nameof(TlsFiles.Authority))} ({wrong})");
    }

    private static X509Certificate2 WithKey(TlsTexts texts)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(texts.Certificate, texts.Key);

            // Where the key is not in a store of the system's, Windows takes it from a file of its own only.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null) : new X509Certificate2(certificate);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new TlsFileException(nameof(TlsFiles.Key), static name => $"must be the private key of {name(nameof(TlsFiles.Certificate))}, in PEM and without a password");
        }
    }

    private static X509Certificate2Collection Certificates(string file, string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            // As if there were none.
        }

        return certificates.Count > 0 ? certificates : throw new TlsFileException(file, "must have a certificate in PEM");
    }

    private static string Time(DateTime local) => local.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}

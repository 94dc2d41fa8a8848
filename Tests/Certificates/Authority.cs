using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Basgd.Contracts.Connections;

namespace Basgd.Tests.Certificates;

/// <summary>An authority made for a test, and the files of those whom it signs for.</summary>
internal sealed class Authority : IDisposable
{
    public const string Server = "1.3.6.1.5.5.7.3.1";
    public const string Client = "1.3.6.1.5.5.7.3.2";

    private readonly string folder;
    private readonly string name;
    private readonly X509Certificate2 certificate;

    public Authority(string folder, string name)
    {
        (this.folder, this.name) = (folder, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        certificate = request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
        File.WriteAllText(Path, certificate.ExportCertificatePem());
    }

    public string Path => System.IO.Path.Combine(folder, $"{name}.pem");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TlsFiles Silo(string subject = "silo") => Sign(subject, Now.AddDays(-1), Now.AddDays(1), Server, Client);

    public TlsFiles ForClient(string subject = "client") => Sign(subject, Now.AddDays(-1), Now.AddDays(1), Client);

    public TlsFiles Sign(string subject, DateTimeOffset from, DateTimeOffset to, params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(static use => new Oid(use))], false));
        using var signed = request.Create(certificate, from, to, Guid.NewGuid().ToByteArray());
        var files = new TlsFiles(System.IO.Path.Combine(folder, $"{name}-{subject}.pem"), System.IO.Path.Combine(folder, $"{name}-{subject}.key"), Path);
        File.WriteAllText(files.Certificate, signed.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public void Dispose() => certificate.Dispose();
}

using YamlDotNet.Serialization;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>As much of cert-manager's types (cert-manager.io/v1) as the manifests make use of; a field that is not here is refused.</summary>
internal static class CertManager
{
    public const string Server = "server auth";
    public const string Client = "client auth";

    public static IDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
        ["cert-manager.io/v1/Issuer"] = typeof(Issuer),
    };
}

internal sealed class Certificate : CustomResource<CertificateSpec>;

internal sealed class CertificateSpec
{
    public string CommonName { get; set; } = "";

    /// <summary>As <see cref="RenewBefore"/> of the form 2160h.</summary>
    public string Duration { get; set; } = "";

    [YamlMember(Alias = "isCA")]
    public bool IsAuthority { get; set; }

    public IssuerReference IssuerRef { get; set; } = new();

    public CertificateKey PrivateKey { get; set; } = new();

    public string RenewBefore { get; set; } = "";

    public string SecretName { get; set; } = "";

    public List<string> Usages { get; set; } = [];
}

internal sealed class IssuerReference
{
    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";
}

internal sealed class CertificateKey
{
    public string Algorithm { get; set; } = "";

    public string RotationPolicy { get; set; } = "";

    public int Size { get; set; }
}

internal sealed class Issuer : CustomResource<IssuerSpec>;

internal sealed class IssuerSpec
{
    [YamlMember(Alias = "ca")]
    public IssuerAuthority? Authority { get; set; }

    public object? SelfSigned { get; set; }
}

internal sealed class IssuerAuthority
{
    public string SecretName { get; set; } = "";
}

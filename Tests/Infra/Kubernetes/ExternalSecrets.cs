namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>As much of the External Secrets Operator's ExternalSecret (external-secrets.io/v1) as the manifests make use of.</summary>
internal sealed class ExternalSecret : CustomResource<ExternalSecretSpec>;

internal sealed class ExternalSecretSpec
{
    public List<ExternalSecretKey> Data { get; set; } = [];

    public string RefreshInterval { get; set; } = "";

    public SecretStoreReference SecretStoreRef { get; set; } = new();

    public ExternalSecretTarget Target { get; set; } = new();
}

internal sealed class ExternalSecretKey
{
    public ExternalSecretSource RemoteRef { get; set; } = new();

    public string SecretKey { get; set; } = "";
}

internal sealed class ExternalSecretSource
{
    public string Key { get; set; } = "";
}

internal sealed class SecretStoreReference
{
    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";
}

internal sealed class ExternalSecretTarget
{
    public string Name { get; set; } = "";
}

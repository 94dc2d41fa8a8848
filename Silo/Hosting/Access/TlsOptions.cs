using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Contracts.Connections;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Hosting.Access;

/// <summary>
/// Mutual TLS between silos, and between silos and clients; section <c>Basgd:Tls</c>. All three files or none; they are read again
/// for new connections, so that renewing them takes no restart.
/// </summary>
[OptionsSection("Basgd:Tls")]
public sealed class TlsOptions : IValidatableObject
{
    public const string Section = "Basgd:Tls";

    [Description(
        "PEM file of this silo's certificate, for servers and clients (`serverAuth`, `clientAuth`), and those between it and the authority. All "
        + "three files give mutual TLS between silos, and with clients; none of them, connections in the clear.")]
    public string? Certificate { get; set; }

    [Description("PEM file of its private key, without a password.")]
    public string? Key { get; set; }

    [Description(
        "PEM file of the authority that signs the certificates of silos and clients. Those of clients are for clients alone (`clientAuth`): with "
        + "them one is no silo.")]
    public string? Authority { get; set; }

    /// <summary>Null for no TLS.</summary>
    internal TlsFiles? Files => Certificate is { Length: > 0 } certificate && Key is { Length: > 0 } key && Authority is { Length: > 0 } authority ? new TlsFiles(certificate, key, authority) : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Name, string? Value)[] files = [(nameof(Certificate), Certificate), (nameof(Key), Key), (nameof(Authority), Authority)];
        if (files.All(static file => string.IsNullOrEmpty(file.Value))) yield break;
        var missing = files.Where(static file => string.IsNullOrEmpty(file.Value)).ToList();
        foreach (var (name, _) in missing) yield return new ValidationResult("must be given where another file of TLS is", [name]);
        if (missing.Count == 0 && Problem() is { } problem) yield return new ValidationResult(problem.Rule(Name), [problem.File]);
    }

    /// <summary>The full name of an option.</summary>
    internal static string Name(string option) => $"{Section}:{option}";

    private TlsFileException? Problem()
    {
        try
        {
            TlsIdentity.Read(Files!, isSilo: true, TimeProvider.System.GetUtcNow());
            return null;
        }
        catch (TlsFileException problem)
        {
            return problem;
        }
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Storage;

/// <summary>Grain state in Azure Blob Storage; section <c>Basgd:Storage:AzureBlob</c>. Give <see cref="Connection"/> or <see cref="ServiceUri"/>.</summary>
public sealed class AzureBlobStorageOptions : IValidatableObject
{
    /// <summary>Connection string of the storage account. Default: none.</summary>
    [PasswordPropertyText(true)]
    public string? Connection { get; set; }

    /// <summary><c>https://ACCOUNT.blob.core.windows.net</c>, entered as this machine's managed identity, or as whoever Azure.Identity finds. Default: none.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>Client id of a user-assigned managed identity. Default: none, the machine's own.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Container that holds the state; made where it is missing. Default: grainstate.</summary>
    [Required, RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}", ErrorMessage = "must be 3 … 63 lower-case letters, digits and single hyphens between them")]
    public string Container { get; set; } = "grainstate";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Connection) == ServiceUri is null)
            yield return new ValidationResult("must be given, or else ServiceUri, and not both", [nameof(Connection)]);
    }
}

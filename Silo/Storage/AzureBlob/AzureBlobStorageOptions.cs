using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Storage;

/// <summary>Grain state in Azure Blob Storage; section <c>Basgd:Storage:AzureBlob</c>. Give <see cref="Connection"/> or <see cref="ServiceUri"/>.</summary>
[OptionsSection("Basgd:Storage:AzureBlob")]
public sealed class AzureBlobStorageOptions : IValidatableObject
{
    [Description("Connection string of the storage account.")]
    [PasswordPropertyText(true)]
    public string? Connection { get; set; }

    [Description(
        "Instead of it: `https://ACCOUNT.blob.core.windows.net`, entered as the machine's managed identity, or whatever else Azure.Identity's "
        + "default finds.")]
    public Uri? ServiceUri { get; set; }

    [Description("Client id of a user-assigned identity; without it the machine's own.")]
    public string? ManagedIdentityClientId { get; set; }

    [Description("Container; made if it is missing. Blobs are named as by Orleans' own provider, older versions are snapshots.")]
    [Required, RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}", ErrorMessage = "must be 3 … 63 lower-case letters, digits and single hyphens between them")]
    public string Container { get; set; } = "grainstate";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Connection) == ServiceUri is null)
            yield return new ValidationResult("must be given, or else ServiceUri, and not both", [nameof(Connection)]);
    }
}

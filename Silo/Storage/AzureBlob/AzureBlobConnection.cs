using Azure.Identity;
using Azure.Storage.Blobs;

namespace Basgd.Silo.Storage;

/// <summary>How to reach Azure Blob Storage.</summary>
public static class AzureBlobConnection
{
    /// <summary>The container, whether it exists yet or not.</summary>
    /// <exception cref="FormatException">The connection string cannot be read. The message does not repeat it, for it holds a key.</exception>
    public static BlobContainerClient Open(AzureBlobStorageOptions options)
    {
        if (options.ServiceUri is { } service)
        {
            var identity = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ManagedIdentityClientId });
            return new BlobServiceClient(service, identity).GetBlobContainerClient(options.Container);
        }

        try
        {
            return new BlobContainerClient(options.Connection, options.Container);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            throw new FormatException("must be a connection string of Azure Storage");
        }
    }
}

using Azure.Storage.Blobs;

namespace Basgd.Cluster.Tests.Campaign;

internal sealed class AzureModels(string connection) : IStoredModels
{
    public async Task<StoredModel> Read(string job) => new((await Blob(job).DownloadContentAsync()).Value.Content.ToArray(), "");

    public Task Put(string job, StoredModel model) => Blob(job).UploadAsync(BinaryData.FromBytes(model.Bytes), overwrite: true);

    private BlobClient Blob(string job) => new(connection, "grainstate", $"model-model/{job}.json");
}

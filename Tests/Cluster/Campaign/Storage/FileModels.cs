namespace Basgd.Cluster.Tests.Campaign;

internal sealed class FileModels(string state) : IStoredModels
{
    public async Task<StoredModel> Read(string job) => new(await File.ReadAllBytesAsync(Find(job)), "");

    public Task Put(string job, StoredModel model) => File.WriteAllBytesAsync(Find(job), model.Bytes);

    private string Find(string job) => Directory.EnumerateFiles(Path.Combine(state, "grains", "model")).Single(path => path.EndsWith($"%2F{job}", StringComparison.Ordinal));
}

using StackExchange.Redis;

namespace Basgd.Cluster.Tests.Campaign;

internal sealed class RedisModels(string connection) : IStoredModels
{
    public Task<StoredModel> Read(string job) => With(async database =>
    {
        var fields = await database.HashGetAsync(Key(job), ["c", "e"]);
        return new StoredModel((byte[])fields[0]!, (string)fields[1]!);
    });

    public Task Put(string job, StoredModel model) => With(async database =>
    {
        await database.HashSetAsync(Key(job), [new HashEntry("c", model.Bytes), new HashEntry("e", model.ETag)]);
        return true;
    });

    private static RedisKey Key(string job) => $"basgd:{{model/model%2F{job}}}:0";

    private async Task<T> With<T>(Func<IDatabase, Task<T>> use)
    {
        await using var opened = await ConnectionMultiplexer.ConnectAsync(connection);
        return await use(opened.GetDatabase());
    }
}

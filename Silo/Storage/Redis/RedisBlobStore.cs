using System.Buffers;
using StackExchange.Redis;

namespace Basgd.Silo.Storage;

/// <summary>
/// Blobs in Redis: version <c>back</c> is the hash <c>PREFIX:{name}:back</c> with the fields <c>e</c>, its ETag, and <c>c</c>, its
/// content. A write uploads to a key of its own; a script then compares the ETag and renames keys, which copies nothing
/// however large they are.
/// </summary>
/// <param name="connection">Shared; not disposed.</param>
public sealed class RedisBlobStore(RedisConnection connection, string keyPrefix, int versionsKept) : IBlobStore
{
    /// <summary>Most bytes that Redis takes as one value.</summary>
    public const long Limit = 512L << 20;

    /// <summary>An upload that is never renamed, since its writer died, goes away by itself.</summary>
    private static readonly TimeSpan UploadLife = TimeSpan.FromMinutes(10);

    /// <summary>Keys: the upload, then the versions from the newest. Arguments: the ETag expected.</summary>
    private const string WriteScript = """
        local found = redis.call('HGET', KEYS[2], 'e') or ''
        if found ~= ARGV[1] then
          redis.call('UNLINK', KEYS[1])
          return { 0, found }
        end
        if redis.call('PERSIST', KEYS[1]) == 0 then return redis.error_reply('ERR the upload took too long and is gone') end
        for i = #KEYS, 3, -1 do
          if redis.call('EXISTS', KEYS[i - 1]) == 1 then redis.call('RENAME', KEYS[i - 1], KEYS[i]) end
        end
        redis.call('RENAME', KEYS[1], KEYS[2])
        return { 1, '' }
        """;

    /// <summary>Keys: the damaged one's place, then the versions from the newest. Arguments: the ETag expected, versions to go back.</summary>
    private const string FallBackScript = """
        local found = redis.call('HGET', KEYS[2], 'e') or ''
        if found ~= ARGV[1] then return { 0, found } end
        local back = tonumber(ARGV[2])
        local eTag = redis.call('HGET', KEYS[2 + back], 'e')
        if not eTag then return redis.error_reply('ERR there is no such version') end
        if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('RENAME', KEYS[2], KEYS[1]) end
        for i = 2, 1 + back do redis.call('UNLINK', KEYS[i]) end
        for i = 2 + back, #KEYS do
          if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('RENAME', KEYS[i], KEYS[i - back]) end
        end
        return { 1, eTag }
        """;

    /// <summary>Keys: the damaged one's place, then the versions from the newest. Arguments: the ETag expected.</summary>
    private const string DeleteScript = """
        local found = redis.call('HGET', KEYS[2], 'e') or ''
        if found ~= ARGV[1] then return { 0, found } end
        redis.call('UNLINK', unpack(KEYS))
        return { 1, '' }
        """;

    /// <inheritdoc/>
    public int VersionsKept => versionsKept;

    /// <inheritdoc/>
    public async Task<Blob?> Read(string name, int back)
    {
        var database = await connection.Open();
        var fields = await database.HashGetAsync(Key(name, $"{back}"), ["e", "c"]);
        return fields[0].IsNull && fields[1].IsNull ? null : new Blob((ReadOnlyMemory<byte>)fields[1], fields[0].ToString());
    }

    /// <inheritdoc/>
    public async Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag)
    {
        BlobTooLargeException.ThrowIfTooLarge(name, content.Length, "Redis", Limit);
        var next = Guid.NewGuid().ToString("N");
        var upload = Key(name, next);
        var database = await connection.Open();
        await database.HashSetAsync(upload, [new HashEntry("e", next), new HashEntry("c", content)]);
        await database.KeyExpireAsync(upload, UploadLife);
        await Change(database, WriteScript, name, upload, eTag);
        return next;
    }

    /// <inheritdoc/>
    public async Task<string> FallBack(string name, int back, string? eTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(back, 1);
        return await Change(await connection.Open(), FallBackScript, name, Key(name, "damaged"), eTag, back);
    }

    /// <inheritdoc/>
    public async Task Delete(string name, string? eTag) => await Change(await connection.Open(), DeleteScript, name, Key(name, "damaged"), eTag);

    /// <summary>The braces keep a blob's keys together in a Redis cluster.</summary>
    private RedisKey Key(string name, string version) => $"{keyPrefix}:{{{name}}}:{version}";

    private async Task<string> Change(IDatabase database, string script, string name, RedisKey other, string? eTag, int back = 0)
    {
        RedisKey[] keys = [other, .. Enumerable.Range(0, versionsKept).Select(version => Key(name, $"{version}"))];
        var answer = (RedisResult[])(await database.ScriptEvaluateAsync(script, keys, [eTag ?? "", back]))!;
        var said = (string)answer[1]!;
        return (int)answer[0] == 1 ? said : throw new BlobConflictException(name, eTag, said.Length == 0 ? null : said);
    }
}

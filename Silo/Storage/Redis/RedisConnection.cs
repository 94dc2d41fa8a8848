using Basgd.Contracts;
using StackExchange.Redis;

namespace Basgd.Silo.Storage;

/// <summary>A connection to Redis that is made when it is first needed and mends itself.</summary>
/// <param name="address">As <see cref="ClusterAddress.Redis"/> takes it.</param>
public sealed class RedisConnection(string address) : IAsyncDisposable
{
    /// <summary>A model of hundreds of megabytes takes longer than the 5 s that commands usually get.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lazy<Task<ConnectionMultiplexer>> connection = new(() => ConnectionMultiplexer.ConnectAsync(ForLargeValues(Configure(address))));

    /// <summary>What to connect with.</summary>
    /// <exception cref="FormatException">It cannot be read. The message does not repeat it, for it may hold a password.</exception>
    public static ConfigurationOptions Configure(string address)
    {
        try
        {
            return ConfigurationOptions.Parse($"abortConnect=false,{ClusterAddress.Redis(address)}");
        }
        catch (ArgumentException)
        {
            throw new FormatException("must be redis://user:password@host:port/database or a connection string of StackExchange.Redis");
        }
    }

    /// <summary>The database, whether the server answers yet or not.</summary>
    public async Task<IDatabase> Open() => (await connection.Value).GetDatabase();

    /// <summary>Connects anew and says why, where that is not possible.</summary>
    /// <exception cref="IOException">Nothing answers at the address, or what does is no Redis or does not let us in.</exception>
    public static async Task Reach(string address)
    {
        var settings = Configure(address);
        settings.AbortOnConnectFail = true;
        try
        {
            await using var fresh = await ConnectionMultiplexer.ConnectAsync(settings);
            await fresh.GetDatabase().PingAsync();
        }
        catch (RedisConnectionException failure)
        {
            // The client's own words are for programmers, and name a cause only where it was not let in.
            settings.SetDefaultPorts();
            var servers = string.Join(", ", settings.EndPoints.Select(static server => EndPointCollection.ToString(server)));
            if (await Knock.At(settings.EndPoints, TimeSpan.FromMilliseconds(settings.ConnectTimeout)) is { } silence)
                throw new IOException($"nothing answers at {servers}", silence);
            throw new IOException($"what answers at {servers} is no Redis, or does not let us in", failure.InnerException);
        }
    }

    private static ConfigurationOptions ForLargeValues(ConfigurationOptions settings)
    {
        settings.ConnectTimeout = settings.ConnectTimeout; // By default it follows the next.
        settings.SyncTimeout = settings.AsyncTimeout = Math.Max((int)Patience.TotalMilliseconds, settings.AsyncTimeout);
        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        if (connection.IsValueCreated) await (await connection.Value).DisposeAsync();
    }
}

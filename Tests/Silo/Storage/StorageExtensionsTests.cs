using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Silo.Hosting;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using StackExchange.Redis;

namespace Basgd.Silo.Tests.Storage;

public sealed class StorageExtensionsTests : IDisposable
{
    private const string Name = "state-of-tests";
    private static readonly GrainId Grain = GrainId.Create("model", "lenet5");

    private readonly StateFolder folder = new();

    [Fact]
    public async Task Silos_that_share_blobs_in_memory_share_their_state()
    {
        var blobs = new MemoryBlobStore();
        using var first = Silo(silo => silo.AddBlobGrainStorage(Name, blobs));
        using var second = Silo(silo => silo.AddBlobGrainStorage(Name, blobs));

        await Write(first);

        (await Read(second)).Parameters!.Span.ToArray().ShouldBe([1f, 2f]);
    }

    [Fact]
    public async Task Users_are_told_where_the_state_lies()
    {
        using var silo = Silo(silo => silo.AddBlobGrainStorage(Name, folder.Open()));

        await Write(silo);

        var file = silo.Services.GetRequiredService<ICheckpointLocator>().Locate("model", Grain);
        folder.Files().Select(name => Path.Combine(folder.Path, name)).ShouldBe([file]);
        (await Read(silo)).Parameters!.Span.ToArray().ShouldBe([1f, 2f]);
    }

    public static TheoryData<Exception> Failures =>
    [
        new InconsistentStateException("changed", "one", "two", new BlobConflictException("model/lenet5", "one", "two")),
        new BlobTooLargeException("model/lenet5", 2, "PostgreSQL", 1),
        new OrleansException("model/lenet5 cannot be read: no", new IOException("no")),
        new Npgsql.NpgsqlException("gone", new IOException("closed")),
        new RedisCommandException("wrong"),
        new Azure.RequestFailedException(412, "changed"),
    ];

    [Theory, MemberData(nameof(Failures))]
    public void A_silo_without_storage_can_pass_on_why_that_of_another_failed(Exception failure)
    {
        using var silo = SiloHost.Build(["--state", folder.Path, "--role", "worker", "--cluster", "redis", "--Basgd:Cluster:Connection=localhost:1"]);
        var serializer = silo.Services.GetRequiredService<Serializer>();

        var told = serializer.Deserialize<Exception>(serializer.SerializeToArray(failure));

        told.ShouldBeOfType(failure.GetType());
        told.Message.ShouldBe(failure.Message);
        told.InnerException?.Message.ShouldBe(failure.InnerException?.Message);
    }

    public void Dispose() => folder.Dispose();

    private static IHost Silo(Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => configure(silo.UseLocalhostClustering()));
        return builder.Build();
    }

    private static IGrainStorage Storage(IHost silo) => silo.Services.GetRequiredKeyedService<IGrainStorage>(Name);

    private static Task Write(IHost silo) =>
        Storage(silo).WriteStateAsync("model", Grain, new GrainState<ModelRecord>(new ModelRecord { Parameters = ParameterVector.CopyOf([1, 2]) }));

    private static async Task<ModelRecord> Read(IHost silo)
    {
        var state = new GrainState<ModelRecord>();
        await Storage(silo).ReadStateAsync("model", Grain, state);
        return state.State!;
    }
}

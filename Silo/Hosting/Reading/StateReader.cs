using System.Text.Json;
using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Silo.Hosting.Configuration;
using Basgd.Silo.Storage;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Basgd.Silo.Hosting.Reading;

/// <summary><c>Silo --read WHAT</c>: prints what is stored, or what this silo could train, as one JSON document. Starts no silo and changes nothing.</summary>
public static class StateReader
{
    /// <summary>The switch.</summary>
    public const string Switch = "--read";

    private const string Usage = $"{Switch} must be followed by jobs, job NAME, models or datasets";

    /// <returns>The exit code: 2 for what is refused.</returns>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            var answer = args switch
            {
                [Switch, "job", var name, .. var rest] => await Use(rest, store => Job(store, name)),
                [Switch, "jobs", .. var rest] => await Use(rest, Jobs),
                [Switch, "models", .. var rest] => Registry(rest).Models,
                [Switch, "datasets", .. var rest] => Registry(rest).Datasets,
                _ => throw new JobRefusedException(Usage),
            };
            await output.WriteLineAsync(JsonSerializer.Serialize(answer, answer.GetType(), AnswerJson.Options));
            return 0;
        }
        catch (Exception refused) when (refused is JobRefusedException or OptionsValidationException)
        {
            await error.WriteLineAsync(refused.Message);
            return 2;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await error.WriteLineAsync($"the state cannot be read: {failure.GetBaseException().Message}");
            return 1;
        }
    }

    private static async Task<object> Jobs(Store store)
    {
        var directory = await store.Read<JobDirectoryRecord>("directory", GrainId.Create(GrainType.Create("jobdirectory"), GrainIdKeyExtensions.CreateIntegerKey(0)));
        return directory?.Jobs.OrderBy(static job => job.Key).Select(static job => new JobEntry(job.Key, job.Value)).ToArray() ?? [];
    }

    private static async Task<object> Job(Store store, string name)
    {
        var job = await store.Read<JobRecord>("job", GrainId.Create("trainingjob", name)) ?? throw new JobRefusedException($"name = {name}: there is no such job");
        var model = GrainId.Create("model", name);
        return StoredStatus.Of(name, job, await store.Read<ModelRecord>("model", model), store.Locate("model", model));
    }

    private static WorkloadRegistry Registry(string[] args) =>
        new(Workloads.BuiltIn(new DataOptions { Directory = SiloSettings.Read(SiloHost.CreateBuilder(SiloArguments.Parse(args)).Configuration).Silo.Data }));

    private static async Task<object> Use(string[] args, Func<Store, Task<object>> read)
    {
        var settings = SiloSettings.Read(SiloHost.CreateBuilder(SiloArguments.Parse(args)).Configuration);
        await using var storage = settings.Storage ?? throw new JobRefusedException($"role = {settings.Silo.Role}: holds no state");
        await using var services = new ServiceCollection().AddLogging().AddSerializer().BuildServiceProvider();
        return await read(new Store(storage.Blobs, services));
    }

    private sealed class Store(IBlobStore blobs, IServiceProvider services)
    {
        private readonly CheckpointGrainStorage storage = ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, new ReadOnlyBlobs(blobs));

        public async Task<T?> Read<T>(string state, GrainId grain)
            where T : class, new()
        {
            var stored = new GrainState<T>(new T());
            await storage.ReadStateAsync(state, grain, stored);
            return stored.RecordExists ? stored.State : null;
        }

        public string? Locate(string state, GrainId grain) => blobs is FileBlobStore files ? files.PathOf(CheckpointGrainStorage.NameOf(state, grain)) : null;
    }
}

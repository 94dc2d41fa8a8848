using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Basgd.Silo.Tests.Storage;

public sealed class CountedGrainStorageTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<StorageFailureInstruments>().BuildServiceProvider();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Each_failure_is_counted_by_its_cause_and_goes_on_to_the_grain()
    {
        var broken = new Broken();
        var storage = new CountedGrainStorage(broken, services.GetRequiredService<StorageFailureInstruments>());
        Counts().ShouldBe(["access 0", "conflict 0", "full 0", "other 0", "refused 0", "timeout 0"]);

        await Fail(new StorageFailedException("no room", StorageCause.Full), () => storage.WriteStateAsync("model", default, new GrainState<int>()));
        await Fail(new SocketException((int)SocketError.ConnectionRefused), () => storage.ReadStateAsync("model", default, new GrainState<int>()));
        await Fail(new InconsistentStateException("changed"), () => storage.ClearStateAsync("model", default, new GrainState<int>()));

        Counts().ShouldBe(["access 0", "conflict 1", "full 1", "other 0", "refused 1", "timeout 0"]);

        async Task Fail(Exception failure, Func<Task> operation)
        {
            broken.Failure = failure;
            (await Should.ThrowAsync<Exception>(operation)).ShouldBeSameAs(failure);
        }
    }

    private string[] Counts()
    {
        var counts = new List<string>();
        var meter = services.GetRequiredService<IMeterFactory>().Create(Names.Source);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == meter) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counts.Add($"{tags[0].Value} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. counts.Order(StringComparer.Ordinal)];
    }

    private sealed class Broken : IGrainStorage
    {
        public Exception Failure { get; set; } = new InvalidOperationException();

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.FromException(Failure);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.FromException(Failure);

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.FromException(Failure);
    }
}

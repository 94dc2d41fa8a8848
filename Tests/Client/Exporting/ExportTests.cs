using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Exporting;

public sealed class ExportTests : IDisposable
{
    private const int Rows = 500;
    private readonly TemporaryFolder folder = new();
    private readonly Command command = new();

    /// <summary>More than one chunk: (500, 300) and a vector and a scalar.</summary>
    public ExportTests()
    {
        command.Cluster.TheJob.Layout = [new TensorShape("fc.weight", [Rows, 300]), new TensorShape("fc.bias", [3]), new TensorShape("scale", [])];
        command.Cluster.TheJob.Parameters = [.. Enumerable.Range(0, (Rows * 300) + 4).Select(static i => i * 0.5f)];
    }

    private float[] Parameters => command.Cluster.TheJob.Parameters;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Safetensors_hold_every_tensor()
    {
        (await command.Run("export", "x", "--to", folder.File("w.safetensors"))).ShouldBe(ExitCode.Done);

        var bytes = File.ReadAllBytes(folder.File("w.safetensors"));
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ((8 + header) % 8).ShouldBe(0);
        var json = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, header)).RootElement;
        json.EnumerateObject().Select(static t => t.Name).ShouldBe(["__metadata__", "fc.weight", "fc.bias", "scale"]);
        json.GetProperty("__metadata__").GetProperty("step").GetString().ShouldBe("7");

        var data = bytes.AsSpan(8 + header);
        data.Length.ShouldBe(Parameters.Length * sizeof(float));
        Read("fc.weight", [Rows, 300]).ShouldBe(Parameters[..(Rows * 300)]);
        Read("fc.bias", [3]).ShouldBe(Parameters[(Rows * 300)..^1]);
        Read("scale", []).ShouldBe(Parameters[^1..]);

        float[] Read(string name, long[] shape)
        {
            var tensor = json.GetProperty(name);
            tensor.GetProperty("dtype").GetString().ShouldBe("F32");
            tensor.GetProperty("shape").EnumerateArray().Select(static d => d.GetInt64()).ShouldBe(shape);
            var offsets = tensor.GetProperty("data_offsets");
            return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + header)[offsets[0].GetInt32()..offsets[1].GetInt32()]).ToArray();
        }
    }

    [Fact]
    public async Task Npz_holds_an_array_a_tensor()
    {
        (await command.Run("export", "x", "--to", folder.File("w.npz"))).ShouldBe(ExitCode.Done);

        using var archive = ZipFile.OpenRead(folder.File("w.npz"));
        archive.Entries.Select(static e => e.FullName).ShouldBe(["fc.weight.npy", "fc.bias.npy", "scale.npy", "metadata.json"]);
        Read(0, $"({Rows}, 300)").ShouldBe(Parameters[..(Rows * 300)]);
        Read(1, "(3,)").ShouldBe(Parameters[(Rows * 300)..^1]);
        Read(2, "()").ShouldBe(Parameters[^1..]);

        float[] Read(int entry, string shape)
        {
            using var stream = archive.Entries[entry].Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var bytes = memory.ToArray();
            bytes[..8].ShouldBe([0x93, .. "NUMPY"u8, 1, 0]);
            var data = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
            (data % 64).ShouldBe(0);
            var header = Encoding.ASCII.GetString(bytes, 10, data - 10);
            header.ShouldStartWith($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
            header.ShouldEndWith("\n");
            return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(data)).ToArray();
        }
    }

    [Fact]
    public async Task Both_formats_say_how_to_use_the_weights()
    {
        command.Cluster.TheJob.Usage = new Dictionary<string, string> { ["mean"] = "[0.286]", ["vocabulary"] = "[\"<unk>\",\"élan\"]" };
        await command.Run("export", "x", "--to", folder.File("w.npz"));
        await command.Run("export", "x", "--to", folder.File("w.safetensors"));

        using var archive = ZipFile.OpenRead(folder.File("w.npz"));
        using var entry = archive.GetEntry("metadata.json")!.Open();
        var bytes = File.ReadAllBytes(folder.File("w.safetensors"));
        var header = JsonDocument.Parse(bytes.AsMemory(8, (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes))).RootElement;
        foreach (var metadata in (JsonElement[])[JsonDocument.Parse(entry).RootElement, header.GetProperty("__metadata__")])
        {
            metadata.GetProperty("job").GetString().ShouldBe("x");
            metadata.GetProperty("step").GetString().ShouldBe("7");
            metadata.GetProperty("mean").GetString().ShouldBe("[0.286]");
            metadata.GetProperty("vocabulary").GetString().ShouldBe("[\"<unk>\",\"élan\"]");
        }
    }

    [Fact]
    public async Task Parameters_come_in_chunks_of_one_version()
    {
        (await command.Run("export", "x", "--to", folder.File("w.npz"), "--json")).ShouldBe(ExitCode.Done);
        command.Cluster.TheJob.Calls.ShouldBe(["ReadParameters 0", "ReadParameters 262144", "ReadParameters 524288"]);
        command.Json.GetProperty("version").GetProperty("step").GetInt64().ShouldBe(7);
        command.Json.GetProperty("file").GetString().ShouldBe(folder.File("w.npz"));
    }

    [Fact]
    public async Task A_version_that_is_replaced_meanwhile_is_read_anew()
    {
        var job = new FakeJob { Parameters = Parameters, Layout = command.Cluster.TheJob.Layout };
        var reading = Basgd.Contracts.Exporting.WeightsReader.Read(new Flaky(job), "x", CancellationToken.None);
        (await reading).Bytes.Length.ShouldBe(Parameters.Length * sizeof(float));
        job.Calls.Count(static c => c == "ReadParameters 0").ShouldBe(2);
    }

    [Fact]
    public async Task An_existing_file_is_replaced_whole_and_nothing_else_is_left()
    {
        folder.Write("w.npz", "old");
        (await command.Run("export", "x", "--to", folder.File("w.npz"))).ShouldBe(ExitCode.Done);
        folder.Names.ShouldBe(["w.npz"]);
    }

    [Fact]
    public async Task A_directory_in_place_of_the_file_is_called_one()
    {
        Directory.CreateDirectory(folder.File("w.npz"));
        (await command.Run("export", "x", "--to", folder.File("w.npz"))).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldStartWith($"to = {folder.File("w.npz")}: must be a file; this is a directory");
    }

    [Fact]
    public async Task A_failure_names_the_file_that_was_asked_for()
    {
        folder.Write("taken", "a file");
        (await command.Run("export", "x", "--to", folder.File("taken/w.npz"))).ShouldBe(ExitCode.Failed);
        command.Error.ShouldStartWith($"to = {folder.File("taken/w.npz")}: cannot be written (");
        command.Error.ShouldNotContain(".tmp");

        (await command.Run("export", "x", "--to", "/proc/w.npz")).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("/proc/w.npz");
        command.Error.ShouldNotContain(".tmp");
    }

    [Fact]
    public async Task Shapes_that_do_not_add_up_leave_the_old_file()
    {
        folder.Write("w.npz", "old");
        command.Cluster.TheJob.Layout = [new TensorShape("fc.weight", [2])];
        (await command.Run("export", "x", "--to", folder.File("w.npz"))).ShouldBe(ExitCode.Failed);
        folder.Names.ShouldBe(["w.npz"]);
        File.ReadAllText(folder.File("w.npz")).ShouldBe("old");
    }

    /// <summary>Refuses the second chunk, once.</summary>
    private sealed class Flaky(FakeJob job) : ITrainingJobGrain
    {
        private bool refused;

        public Task<ParameterChunk> ReadParameters(ModelVersion? version, long offset, int length)
        {
            if (refused || offset == 0) return job.ReadParameters(version, offset, length);
            refused = true;
            throw new JobRefusedException("version = 6: gone");
        }

        public Task<IReadOnlyList<TensorShape>> GetLayout() => job.GetLayout();
        public Task<IReadOnlyDictionary<string, string>> GetUsage() => job.GetUsage();
        public Task Submit(JobSpec spec) => job.Submit(spec);
        public Task<JobStatus> GetStatus() => job.GetStatus();
        public Task Pause() => job.Pause();
        public Task Resume() => job.Resume();
        public Task Stop() => job.Stop();
        public Task Lift(int worker) => job.Lift(worker);
        public Task<EvaluationPoint> Evaluate() => job.Evaluate();
        public Task<LedgerChunk> ReadLedger(long afterStep) => job.ReadLedger(afterStep);
        public Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after) => job.GetRounds(after);
        public Task<IReadOnlyList<BufferHoldings>> GetHoldings() => job.GetHoldings();
        public Task<LedgerReplay> Replay() => job.Replay();
        public Task<JobHistory> GetHistory(int most) => job.GetHistory(most);
        public Task<IReadOnlyList<WorkerStatus>> GetWorkers() => job.GetWorkers();
    }
}

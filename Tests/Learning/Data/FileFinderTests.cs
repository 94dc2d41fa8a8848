using System.Net;
using System.Security.Cryptography;
using System.Text;
using Basgd.Learning.Data;

namespace Basgd.Learning.Tests.Data;

public sealed class FileFinderTests : IDisposable
{
    private static readonly byte[] _a = Encoding.ASCII.GetBytes("content of a");
    private static readonly byte[] _b = Encoding.ASCII.GetBytes("content of b");

    private static readonly FileSet _set = new(
        "things",
        [new("a.gz", Convert.ToHexStringLower(SHA256.HashData(_a))), new("b.gz", Convert.ToHexStringLower(SHA256.HashData(_b)))],
        [new("http://first.test/"), new("http://second.test/")],
        Package: new("dataset-things", "things"));

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("basgd-data-");
    private readonly Dictionary<string, byte[]> _web = [];
    private readonly List<string> _commands = [];
    private readonly Messages _messages = new();
    private Func<string, string[], string, ProcessResult> _run = (_, _, _) => new ProcessResult(100, "no such package");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("explicit", "variable", "cache", "system")]
    [InlineData("variable", "cache", "system")]
    [InlineData("cache", "system")]
    [InlineData("system")]
    public async Task TheFirstPlaceThatHasAllFilesWins(params string[] places)
    {
        foreach (var place in places) Put(Path.Combine(place, "things"), "a.gz", "b.gz");
        var found = await FindAsync();
        found.ShouldBe([PathOf(places[0], "things", "a.gz"), PathOf(places[0], "things", "b.gz")]);
        _commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFolderMayHoldTheFilesThemselvesUnpackedToo()
    {
        Put("explicit", "a", "b.gz");
        (await FindAsync()).ShouldBe([PathOf("explicit", "a"), PathOf("explicit", "b.gz")]);
    }

    [Fact]
    public async Task AFolderWithSomeOfTheFilesIsPassedOver()
    {
        Put("explicit", "a.gz");
        Put("system/things", "a.gz", "b.gz");
        (await FindAsync())[0].ShouldBe(PathOf("system", "things", "a.gz"));
    }

    [Fact]
    public async Task MissingFilesAreDownloadedIntoTheCacheWithProgress()
    {
        _web["http://second.test/a.gz"] = _a;
        _web["http://second.test/b.gz"] = _b;
        var found = await FindAsync();
        found.ShouldBe([PathOf("cache", "things", "a.gz"), PathOf("cache", "things", "b.gz")]);
        (await File.ReadAllBytesAsync(found[1], TestContext.Current.CancellationToken)).ShouldBe(_b);
        _messages.All.ShouldContain(new DataProgress("downloading b.gz", _b.Length, _b.Length));
        _messages.All.ShouldContain(message => message.Message.Contains("first.test", StringComparison.Ordinal));
        OnlyInCache("things");
    }

    [Fact]
    public async Task ADownloadWithTheWrongSumIsNotKept()
    {
        _web["http://first.test/a.gz"] = _a;
        _web["http://first.test/b.gz"] = _a;
        (await Should.ThrowAsync<WorkloadUnavailableException>(FindAsync)).Message.ShouldContain("b.gz has SHA-256");
        OnlyInCache();
    }

    [Fact]
    public async Task ThePackageIsUnpackedAfterPackageListsWereRenewed()
    {
        var renewed = false;
        _run = (file, arguments, folder) =>
        {
            if (arguments.Contains("update")) renewed = true;
            if (arguments.Contains("download") && !renewed) return new ProcessResult(100, "no such package");
            if (arguments.Contains("download")) File.WriteAllText(Path.Combine(folder, "dataset-things_1_all.deb"), "");
            if (file != "dpkg-deb") return new ProcessResult(0, "");
            var target = Directory.CreateDirectory(Path.Combine(arguments[^1], "usr/share/things")).FullName;
            File.WriteAllBytes(Path.Combine(target, "a.gz"), _a);
            File.WriteAllBytes(Path.Combine(target, "b.gz"), _b);
            return new ProcessResult(0, "");
        };
        var found = await FindAsync();
        found.ShouldBe([PathOf("cache", "things", "a.gz"), PathOf("cache", "things", "b.gz")]);
        _commands.ShouldBe(["apt-get download", "apt-get update", "apt-get download", "dpkg-deb"]);
        OnlyInCache("things");
    }

    [Fact]
    public async Task WhenAllFailsOneMessageSaysWhatWasTriedAndWhatToDo()
    {
        var message = (await Should.ThrowAsync<WorkloadUnavailableException>(FindAsync)).Message;
        foreach (var part in (string[])["things", "--data", "$BASGD_DATA", "explicit", "variable", "cache", "system", "first.test", "second.test", "404",
            "apt-get download ended with 100: no such package", "apt-get update ended with 100", "a.gz, b.gz", "apt-get install dataset-things"])
            message.ShouldContain(part, Case.Sensitive);
    }

    [Fact]
    public async Task NothingIsFetchedWhereThatIsSwitchedOff()
    {
        _web["http://first.test/a.gz"] = _a;
        _web["http://first.test/b.gz"] = _b;
        var finder = new FileFinder(_set, Options() with { Download = false });
        (await Should.ThrowAsync<WorkloadUnavailableException>(() => finder.FindAsync(CancellationToken.None))).Message.ShouldContain("switched off");
    }

    [Fact]
    public async Task FashionMnistSaysWhichFileIsBroken()
    {
        var folder = Directory.CreateDirectory(PathOf("explicit")).FullName;
        void Write(string name, int[] shape) => File.WriteAllBytes(Path.Combine(folder, name), IdxFileTests.Gzip(IdxFileTests.Idx(shape, new byte[shape.Aggregate((x, y) => x * y)])));
        Write("train-images-idx3-ubyte.gz", [3, 28, 28]);
        Write("train-labels-idx1-ubyte.gz", [2]);
        Write("t10k-images-idx3-ubyte.gz", [1, 28, 28]);
        Write("t10k-labels-idx1-ubyte.gz", [1]);
        var data = new FashionMnist(Options());
        (await data.CountTrainingAsync(TestContext.Current.CancellationToken)).ShouldBe(3);
        (await Should.ThrowAsync<WorkloadUnavailableException>(() => data.LoadAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("2 labels for the 3 images");
        Write("train-labels-idx1-ubyte.gz", [3]);
        (await data.LoadAsync(TestContext.Current.CancellationToken)).Training.Labels.Length.ShouldBe(3);
    }

    private Task<IReadOnlyList<string>> FindAsync() => new FileFinder(_set, Options()).FindAsync(TestContext.Current.CancellationToken);

    private DataOptions Options() => new()
    {
        Directory = PathOf("explicit"),
        Progress = _messages,
        Environment = new DataEnvironment
        {
            Variable = PathOf("variable"),
            Cache = PathOf("cache"),
            SystemDirectory = PathOf("system"),
            HasDebianPackages = true,
            Http = _ => new Web(_web),
            Run = (file, arguments, folder) =>
            {
                _commands.Add(file == "apt-get" ? $"apt-get {(arguments.Contains("update") ? "update" : "download")}" : file);
                return Task.FromResult(_run(file, arguments, folder));
            },
        },
    };

    private string PathOf(params string[] parts) => Path.Combine([_root.FullName, .. parts]);

    private void Put(string folder, params string[] names)
    {
        Directory.CreateDirectory(PathOf(folder));
        foreach (var name in names) File.WriteAllText(PathOf(folder, name), name);
    }

    private void OnlyInCache(params string[] names) =>
        Directory.EnumerateFileSystemEntries(PathOf("cache")).Select(Path.GetFileName).ShouldBe(names);

    private sealed class Messages : IProgress<DataProgress>
    {
        public List<DataProgress> All { get; } = [];

        public void Report(DataProgress value) => All.Add(value);
    }

    private sealed class Web(Dictionary<string, byte[]> pages) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(pages.TryGetValue(request.RequestUri!.ToString(), out var page)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(page) }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}

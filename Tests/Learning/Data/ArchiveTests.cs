using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Basgd.Learning.Data;

namespace Basgd.Learning.Tests.Data;

/// <summary>Data sets that are published as an archive, as CIFAR-10 (.tar.gz) and WikiText-2 (.zip) are.</summary>
public sealed class ArchiveTests : IDisposable
{
    private const string Source = "http://source.test/data/";
    private static readonly Dictionary<string, string> Content = new() { ["things/a.bin"] = "content of a", ["things/readme.html"] = "not asked for", ["things/b.bin"] = "content of b" };
    private readonly TemporaryData files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("things.tar.gz")]
    [InlineData("things.zip")]
    public async Task IsDownloadedCheckedAndUnpackedIntoTheCache(string name)
    {
        var archive = Pack(name, Content);
        var found = await Find(name, archive, Sum(archive));
        found.ShouldBe([files.PathOf("cache/things/a.bin"), files.PathOf("cache/things/b.bin")]);
        (await File.ReadAllTextAsync(found[1], TestContext.Current.CancellationToken)).ShouldBe("content of b");
        OnlyInCache(["things"], ["a.bin", "b.bin"]);
    }

    [Theory]
    [InlineData("things.tar.gz")]
    [InlineData("things.zip")]
    public async Task WithoutOneOfTheFilesItIsNotKept(string name)
    {
        var archive = Pack(name, Content.Where(static entry => entry.Key != "things/b.bin"));
        (await Complaint(name, archive, Sum(archive))).ShouldContain($"{name}: things/b.bin not in it");
        OnlyInCache([], []);
    }

    [Theory]
    [InlineData("things.tar.gz")]
    [InlineData("things.zip")]
    public async Task ThatCannotBeUnpackedItIsNotKept(string name)
    {
        var archive = Encoding.ASCII.GetBytes("no archive at all, and long enough for nobody to take it for the end of one");
        (await Complaint(name, archive, Sum(archive))).ShouldContain($"{name} cannot be unpacked");
        OnlyInCache([], []);
    }

    [Fact]
    public async Task WithTheWrongSumItIsNotEvenOpened()
    {
        var archive = Pack("things.zip", Content);
        (await Complaint("things.zip", archive, Sum([]))).ShouldContain($"things.zip has SHA-256 {Sum(archive)}, not {Sum([])}");
        OnlyInCache([], []);
    }

    [Theory]
    [InlineData("../../escaped/a.bin")]
    [InlineData("/escaped/a.bin")]
    public async Task NothingIsUnpackedOutsideTheCacheWhateverItsNameInTheArchive(string path)
    {
        var archive = Pack("things.tar.gz", Content.Append(new(path, "somewhere else")));
        await Find("things.tar.gz", archive, Sum(archive));
        Directory.Exists(files.PathOf("escaped")).ShouldBeFalse();
        OnlyInCache(["things"], ["a.bin", "b.bin"]);
    }

    private Task<IReadOnlyList<string>> Find(string name, byte[] archive, string sum)
    {
        var set = new FileSet("things", [new("a.bin"), new("b.bin")], [new Uri(Source)], Archive: new DataArchive(name, sum, "things"));
        var options = files.Options;
        return new FileFinder(set, options with { Download = true, Environment = options.Environment with { Http = _ => new Web(Source + name, archive) } }).FindAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> Complaint(string name, byte[] archive, string sum) => (await Should.ThrowAsync<WorkloadUnavailableException>(() => Find(name, archive, sum))).Message;

    private void OnlyInCache(string[] folders, string[] names)
    {
        Directory.EnumerateFileSystemEntries(files.PathOf("cache")).Select(Path.GetFileName).ShouldBe(folders);
        foreach (var folder in folders) Directory.EnumerateFileSystemEntries(files.PathOf($"cache/{folder}")).Select(Path.GetFileName).ShouldBe(names, ignoreOrder: true);
    }

    private static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Pack(string name, IEnumerable<KeyValuePair<string, string>> entries)
    {
        var packed = new MemoryStream();
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (path, text) in entries)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        else
        {
            using var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            using var tar = new TarWriter(gzip);
            foreach (var (path, text) in entries) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        return packed.ToArray();
    }

    private sealed class Web(string address, byte[] content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            request.RequestUri!.ToString() == address ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content) } : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}

using System.Buffers.Binary;
using Basgd.Learning.Data;
using Basgd.Learning.Data.Texts;
using Basgd.Learning.Models;
using Basgd.Learning.Training;

namespace Basgd.Learning.Tests.Data;

/// <summary>What a job asks for is checked before it starts: one message that names the file, the value and the rule.</summary>
public sealed class CheckDataTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte.gz";
    private const string Labels = "train-labels-idx1-ubyte.gz";
    private const string TestImages = "t10k-images-idx3-ubyte.gz";
    private const string TestLabels = "t10k-labels-idx1-ubyte.gz";

    private readonly TemporaryData files = new();

    public void Dispose() => files.Dispose();

    public static TheoryData<string, byte[], string> Damages
    {
        get
        {
            var images = IdxFileTests.Gzip(IdxFileTests.Idx([40, 28, 28], Noise(40 * 784)));
            var littleEndian = IdxFileTests.Idx([40], new byte[40]);
            BinaryPrimitives.WriteInt32LittleEndian(littleEndian.AsSpan(4), 40);
            byte[] opposite = [1, 8, 0, 0, .. littleEndian[4..]];
            return new()
            {
                { Images, images[..(images.Length / 2)], "is cut short" },
                { Images, images[..^100], "is cut short" },
                { Labels, IdxFileTests.Gzip(IdxFileTests.Idx([39], new byte[39])), "39 labels for the 40 images" },
                { Labels, IdxFileTests.Gzip(IdxFileTests.Idx([40], [.. new byte[39], 10])), "label 39 is 10, not one of 0 to 9" },
                { Labels, IdxFileTests.Gzip(littleEndian), "IDX numbers are big-endian" },
                { Labels, IdxFileTests.Gzip(opposite), "little-endian" },
                { TestImages, IdxFileTests.Gzip(IdxFileTests.Idx([10, 28, 28], new byte[9 * 784])), "is cut short" },
                { TestImages, [], "is 0 bytes long" },
                { TestLabels, [], "is 0 bytes long" },
                { TestLabels, IdxFileTests.Gzip(IdxFileTests.Idx([0], [])), "dimension 0 to be 0" },
                { TestImages, IdxFileTests.Gzip(IdxFileTests.Idx([10, 27, 28], new byte[10 * 27 * 28])), "images of 27x28, not 28x28" },
            };
        }
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task A_damaged_file_of_images_is_named_with_what_is_wrong(string file, byte[] content, string rule)
    {
        files.Write(Images, IdxFileTests.Gzip(IdxFileTests.Idx([40, 28, 28], new byte[40 * 784])));
        files.Write(Labels, IdxFileTests.Gzip(IdxFileTests.Idx([40], new byte[40])));
        files.Write(TestImages, IdxFileTests.Gzip(IdxFileTests.Idx([10, 28, 28], new byte[10 * 784])));
        files.Write(TestLabels, IdxFileTests.Gzip(IdxFileTests.Idx([10], new byte[10])));
        await Fashion().CheckDataAsync(TestContext.Current.CancellationToken);
        files.Write(file, content);

        var refused = await Should.ThrowAsync<WorkloadUnavailableException>(async () => await Fashion().CheckDataAsync(TestContext.Current.CancellationToken));

        refused.IsLasting.ShouldBeTrue();
        refused.Message.ShouldStartWith("fashion-mnist cannot be read: ");
        refused.Message.ShouldContain(files.PathOf(file));
        refused.Message.ShouldContain(rule);
        refused.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Data_that_cannot_be_had_now_may_be_had_later()
    {
        var refused = await Should.ThrowAsync<WorkloadUnavailableException>(async () => await Fashion().CheckDataAsync(TestContext.Current.CancellationToken));

        refused.IsLasting.ShouldBeFalse();
    }

    [Theory]
    [InlineData(200, 0, "has no test examples")]
    [InlineData(0, 5, "has no training examples")]
    [InlineData(7, 5, "announces 10 training examples and has 7")]
    public async Task A_data_set_of_ones_own_must_have_examples(int training, int test, string rule) =>
        (await Complaint(new Made(training == 200 ? 10 : training, test, 0))).ShouldBe($"made {rule}.");

    [Fact]
    public async Task Labels_of_ones_own_must_be_classes() =>
        (await Complaint(new Made(10, 5, label: 3))).ShouldBe("made has label 3 at training example 0, not one of 0 to 2.");

    [Theory]
    [InlineData(36, 35, "made has 35 held-out words, too few for one window of 35 and the word that comes next.")]
    [InlineData(35, 36, "made has 35 training words, too few for one window of 35 and the word that comes next.")]
    public async Task A_text_must_fill_a_window(int training, int heldOut, string message)
    {
        var workload = new LanguageWorkload(ModelCatalog.Lstm, new MadeText(training, heldOut));

        var refused = await Should.ThrowAsync<WorkloadUnavailableException>(async () => await workload.CheckDataAsync(TestContext.Current.CancellationToken));

        refused.Message.ShouldBe(message);
        refused.IsLasting.ShouldBeTrue();
    }

    private static async Task<string> Complaint(Dataset data) =>
        (await Should.ThrowAsync<WorkloadUnavailableException>(async () => await new ClassifierWorkload(ModelCatalog.Softmax, data).CheckDataAsync(TestContext.Current.CancellationToken))).Message;

    private ClassifierWorkload Fashion() => new(ModelCatalog.Softmax, new FashionMnist(files.Options));

    private static byte[] Noise(int count)
    {
        var noise = new byte[count];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private sealed class Made(int training, int test, byte label) : Dataset("made", "made up", new ExampleShape(1, 1, 1), 3)
    {
        public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => ValueTask.FromResult(training == 0 ? 0L : 10L);

        protected override Task<Split> ReadAsync() => Task.FromResult(new Split(Draw(training), Draw(test)));

        private ImageExamples Draw(int count) => new(Shape, new byte[count], [.. Enumerable.Repeat(label, count)], new PixelScale(0, 1));
    }

    private sealed class MadeText(int training, int heldOut) : Corpus("made", "made up")
    {
        protected override Task<Text> ReadAsync() => Task.FromResult(Text.Of([.. Enumerable.Repeat("a", training)], [.. Enumerable.Repeat("a", heldOut)]));
    }
}

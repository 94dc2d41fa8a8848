using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;

namespace Basgd.Learning.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private const int Record = 1 + 3 * 32 * 32;

    private readonly TemporaryData _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task ReadsRecordsOfAllFilesInOrder()
    {
        WriteAll(records: 4);
        var data = new Cifar10(_files.Options);
        (await data.CountTrainingAsync(TestContext.Current.CancellationToken)).ShouldBe(20);
        var split = await data.LoadAsync(TestContext.Current.CancellationToken);
        split.Training.Labels.ToArray().ShouldBe([.. Enumerable.Range(0, 20).Select(i => (byte)(i % 10))]);
        split.Test.Labels.ToArray().ShouldBe([0, 1, 2, 3]);

        // The made-up pixels are record + 2 channel + position, modulo 256; each channel has a scale of its own.
        var image = new float[3 * 32 * 32];
        split.Training.Write([7], image);
        image[0].ShouldBe((float)((7 / 255.0 - 0.4914) / 0.2470));
        image[1024 + 33].ShouldBe((float)(((7 + 2 + 33) / 255.0 - 0.4822) / 0.2435));
        image[2048 + 1023].ShouldBe((float)(((7 + 4 + 1023) % 256 / 255.0 - 0.4465) / 0.2616));
    }

    [Theory]
    [InlineData("lenet5")]
    [InlineData("resnet20")]
    [InlineData("softmax")]
    public async Task EveryClassifierTakesIt(string model)
    {
        WriteAll(records: 4);
        var workload = Workloads.BuiltIn(_files.Options).Single(workload => workload.Model == model && workload.Dataset == "cifar-10");
        using var learner = await workload.CreateLearnerAsync(new LearnerSettings(1, 2, 5), TestContext.Current.CancellationToken);
        var w = Learners.Initial(learner);
        var gradient = Learners.Gradient(learner, w, 1, 3);
        gradient.ShouldAllBe(value => float.IsFinite(value));
        gradient.ShouldContain(value => value != 0);
        learner.Evaluate(w).Examples.ShouldBe(4);
    }

    [Fact]
    public async Task TrainingImagesAreAugmentedAndATestIsNot()
    {
        WriteAll(records: 4);
        var settings = new LearnerSettings(1, 2, 5);
        using var augmented = await Create(new Cifar10(_files.Options));
        using var plain = await Create(new Plain(new Cifar10(_files.Options)));
        using var again = await Create(new Cifar10(_files.Options));
        var w = Learners.Initial(augmented);
        Learners.Gradient(augmented, w, 1, 3).ShouldNotBe(Learners.Gradient(plain, w, 1, 3));
        Learners.Gradient(again, w, 0, 9);
        Learners.Gradient(again, w, 1, 3).ShouldBe(Learners.Gradient(augmented, w, 1, 3));
        augmented.Evaluate(w).ShouldBe(plain.Evaluate(w));

        async Task<ILearner> Create(Dataset data) => await new ClassifierWorkload(ModelCatalog.Softmax, data).CreateLearnerAsync(settings, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task SaysWhichFileIsBrokenAndWhy()
    {
        WriteAll(records: 2);
        var good = Records(2);
        (await Complaint("data_batch_3.bin", good[..^1])).ShouldContain($"is {2 * Record - 1} bytes long, not a whole number of records of {Record} bytes");
        (await Complaint("data_batch_5.bin", [])).ShouldContain("is 0 bytes long");
        good[Record] = 10;
        (await Complaint("test_batch.bin", good)).ShouldContain("record 1 has label 10, not one of 0 to 9");
        File.Delete(_files.PathOf("test_batch.bin"));
        (await Should.ThrowAsync<WorkloadUnavailableException>(() => new Cifar10(_files.Options).LoadAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("cifar-10-binary.tar.gz, which has them, is published at https://www.cs.toronto.edu/~kriz/");

        async Task<string> Complaint(string name, byte[] content)
        {
            var before = File.ReadAllBytes(_files.PathOf(name));
            var path = _files.Write(name, content);
            var message = (await Should.ThrowAsync<WorkloadUnavailableException>(() => new Cifar10(_files.Options).LoadAsync(TestContext.Current.CancellationToken))).Message;
            message.ShouldStartWith("cifar-10 cannot be read: ");
            message.ShouldContain(path);
            _files.Write(name, before);
            return message;
        }
    }

    private void WriteAll(int records)
    {
        for (var batch = 0; batch < 5; batch++) _files.Write($"data_batch_{batch + 1}.bin", Records(records, batch * records));
        _files.Write("test_batch.bin", Records(records));
    }

    private static byte[] Records(int count, int first = 0) =>
    [
        .. from record in Enumerable.Range(first, count)
           from position in Enumerable.Range(-1, Record)
           select position < 0 ? (byte)(record % 10) : (byte)(record + position / 1024 * 2 + position % 1024),
    ];

    private sealed class Plain(Cifar10 inner) : Dataset("plain", "not augmented", inner.Shape, inner.Classes)
    {
        public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => inner.CountTrainingAsync(cancellation);

        protected override Task<Split> ReadAsync() => inner.LoadAsync();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Basgd.Contracts;
using Basgd.Contracts.Exporting;
using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;
using Basgd.Silo.Tests.Hosting;

namespace Basgd.Silo.Tests.Exporting;

/// <summary>Another program uses an exported file, and knows only what the file says.</summary>
[Trait("category", "slow")]
public sealed class PythonTests : IDisposable
{
    private const int Count = 1_000;
    private static readonly ExampleShape Small = new(2, 4, 4);

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("model.npz")]
    [InlineData("model.safetensors")]
    public async Task Python_gets_the_accuracy_of_evaluate_by_the_normalisation_in_the_file(string file)
    {
        var data = new Stripes();
        var workload = new ClassifierWorkload(ModelCatalog.Softmax, data);
        var description = await workload.DescribeAsync(TestContext.Current.CancellationToken);
        using var learner = await workload.CreateLearnerAsync(new LearnerSettings(Seed: 1, Workers: 1, BatchSize: 50), TestContext.Current.CancellationToken);
        var parameters = new float[learner.Dimension];
        var gradient = new float[learner.Dimension];
        learner.Initialise(parameters);
        for (var step = 0; step < 50; step++)
        {
            learner.Gradient(parameters, 0, step, gradient);
            for (var i = 0; i < parameters.Length; i++) parameters[i] -= 0.05f * gradient[i];
        }

        var weights = new Weights("job", new ModelVersion(0, 50), [.. description.Layout.Select(static tensor => new TensorShape(tensor.Name, tensor.Shape))], MemoryMarshal.AsBytes(parameters.AsSpan()).ToArray()) { Usage = description.Usage };
        await using (var stream = File.Create(PathOf(file)))
        {
            if (file.EndsWith(".npz", StringComparison.Ordinal)) Npz.Write(stream, weights);
            else SafeTensors.Write(stream, weights);
        }

        await File.WriteAllBytesAsync(PathOf("images"), data.Pixels, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(PathOf("labels"), data.Labels, TestContext.Current.CancellationToken);

        var lines = await Python(Repository.PathOf("Tests/Silo/Exporting/use_export.py"), PathOf(file), PathOf("images"), PathOf("labels"), $"[{Count}, 2, 4, 4]");

        var accuracy = learner.Evaluate(parameters).Accuracy;
        double.Parse(lines[0], CultureInfo.InvariantCulture).ShouldBe(accuracy, tolerance: 0.002);
        double.Parse(lines[1], CultureInfo.InvariantCulture).ShouldBeLessThan(accuracy - 0.1, "without it the model is worth less");
        lines[2].ShouldBe("['left', 'right']");
    }

    private string PathOf(string file) => Path.Combine(directory.Path, file);

    private static async Task<string[]> Python(params string[] args)
    {
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        python.ExitCode.ShouldBe(0, await error);
        return (await output).Split('\n');
    }

    /// <summary>Dark images of two channels, of which one half is a little lighter; without normalisation every one looks alike.</summary>
    private sealed class Stripes() : Dataset("stripes", "dark images, lighter on one side", Small, 2)
    {
        public byte[] Labels { get; } = [.. Enumerable.Range(0, Count).Select(static i => (byte)(i % 2))];

        public byte[] Pixels { get; } = Draw();

        public override IReadOnlyList<PixelScale> Scales { get; } = [new(0.2, 0.02), new(0.3, 0.03)];

        public override IReadOnlyList<string> ClassNames { get; } = ["left", "right"];

        public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => ValueTask.FromResult((long)Count);

        protected override Task<Split> ReadAsync()
        {
            var examples = new ImageExamples(Small, Pixels, Labels, [.. Scales]);
            return Task.FromResult(new Split(examples, examples));
        }

        private static byte[] Draw()
        {
            var random = new Random(7);
            var pixels = new byte[Count * Small.Size];
            for (var i = 0; i < pixels.Length; i++)
            {
                var (image, channel, column) = (i / Small.Size, i / 16 % 2, i % 4);
                var isLighter = column < 2 == (image % 2 == 0);
                pixels[i] = (byte)(255 * (channel == 0 ? 0.2 : 0.3) + random.Next(-6, 7) + (isLighter ? 3 : -3));
            }

            return pixels;
        }
    }
}

using System.Globalization;
using System.Text;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Reports;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>The results as a page.</summary>
internal sealed class AggregationReport(Summary rules, Summary updates, Summary torch)
{
    private const double MostOverUpdate = 1.1;

    private readonly StringBuilder page = new();
    private readonly List<string> missed = [];

    public string ToMarkdown()
    {
        Line("# Aggregation, measured");
        Line();
        Line("Made by `dotnet run -c Release --project Benchmarks -- aggregation` (BenchmarkDotNet, in one process; medians). Compare the ratios; the times are this machine's.");
        Line();
        Line($"{HostEnvironmentInfo.GetCurrent().Cpu.Value?.ProcessorName?.Trim()}, {Environment.ProcessorCount} logical cores, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}.");
        Line();
        Roofline();
        foreach (var dimension in RuleBenchmark.Dimensions) OverMean(dimension);
        AgainstTorch();
        InTheWay();
        return page.ToString();
    }

    private void Roofline()
    {
        Line("## Buffer update");
        Line();
        Line("h ← h + (g − h)/N, alone, and with the check for values that are not finite and the norms fused: over a received gradient, as a buffer does, and apart from one that others still read. Reading alone is the roofline.");
        Line();
        Line("| d | read | update | checked update | checked over update | apart | apart over update |");
        Line("|---|---|---|---|---|---|---|");
        foreach (var group in updates.Reports.GroupBy(report => (int)report.BenchmarkCase.Parameters["Dimension"]))
        {
            var times = group.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, Median);
            var (read, update) = (times[nameof(BufferUpdateBenchmark.Read)], times[nameof(BufferUpdateBenchmark.Update)]);
            var (check, apart) = (times[nameof(BufferUpdateBenchmark.CheckedUpdate)], times[nameof(BufferUpdateBenchmark.CheckedUpdateApart)]);
            Hold(FormattableString.Invariant($"checked buffer update at d = {group.Key:N0}"), check / update, MostOverUpdate);
            Line($"| {group.Key:N0} | {Show(read)}, {group.Key * 4.0 / read:F0} GB/s | {Show(update)} | {Show(check)} | {check / update:F2} (≤ {MostOverUpdate}) | {Show(apart)} | {apart / update:F2} |");
        }

        Line();
    }

    private void OverMean(int dimension)
    {
        Line($"## d = {dimension:N0}");
        Line();
        Line("Time over that of a plain mean of the same rows (one straight loop with a load a row, `trimmed-mean(f=0)`), measured right before it, at the same vector width and threads; in brackets the target.");
        Line();
        Line("| rule | f | B | 512 bits, 1 thread | 512 bits, 2 threads | 256 bits, 1 thread | 256 bits, 2 threads |");
        Line("|---|---|---|---|---|---|---|");
        var cases = rules.Reports.GroupBy(report => (RuleCase)report.BenchmarkCase.Parameters["Case"]).Where(group => group.Key.Dimension == dimension);
        foreach (var line in cases.GroupBy(group => (group.Key.Rule, group.Key.F, group.Key.Rows)))
            Line($"| {line.Key.Rule.Replace("|", " \\| ")} | {line.Key.F} | {line.Key.Rows} | {Cell(line, 512, 1)} | {Cell(line, 512, 2)} | {Cell(line, 256, 1)} | {Cell(line, 256, 2)} |");
        Line();
    }

    private string Cell(IEnumerable<IGrouping<RuleCase, BenchmarkReport>> line, int bits, int threads)
    {
        if (line.FirstOrDefault(group => group.Key.Width == bits && group.Key.Threads == threads) is not { } found) return "-";
        var mean = Median(found.First(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == nameof(RuleBenchmark.Mean)));
        var rule = Median(found.First(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == nameof(RuleBenchmark.Rule)));
        if (found.Key.Target is not { } most) return string.Create(CultureInfo.InvariantCulture, $"{rule / mean:F2}, {Show(rule)}");
        Hold(FormattableString.Invariant($"{found.Key.Rule}, B = {found.Key.Rows}, d = {found.Key.Dimension:N0}, {bits} bits, threads = {threads}"), rule / mean, most);
        return string.Create(CultureInfo.InvariantCulture, $"{rule / mean:F2} ({most:0.##}), {Show(rule)}");
    }

    private void AgainstTorch()
    {
        Line($"## Against libtorch, d = {RuleCase.InCache:N0}");
        Line();
        Line("How many times longer libtorch takes, with as many threads: its best operation, and for the median also a network of minimum and maximum on tensors in chunks.");
        Line();
        Line("| B | threads | median: torch.kthvalue | median: torch network | trimmed mean: sort | meamed: sort | Multi-Krum: X·Xᵀ alone | Multi-Krum: exact cdist alone | NNM + trimmed mean |");
        Line("|---|---|---|---|---|---|---|---|---|");
        foreach (var group in torch.Reports.GroupBy(report => ((int)report.BenchmarkCase.Parameters["Rows"], (int)report.BenchmarkCase.Parameters["Threads"])))
        {
            var times = group.Where(report => report.ResultStatistics is not null).ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, Median);
            string Times(string peer, string ours) => string.Create(CultureInfo.InvariantCulture, $"{times[peer] / times[ours]:F1}× ({Show(times[peer])})");
            var cells = string.Join(
                " | ",
                Times(nameof(TorchBenchmark.TorchMedian), nameof(TorchBenchmark.Median)),
                Times(nameof(TorchBenchmark.TorchMedianNetwork), nameof(TorchBenchmark.Median)),
                Times(nameof(TorchBenchmark.TorchTrimmedMean), nameof(TorchBenchmark.TrimmedMean)),
                Times(nameof(TorchBenchmark.TorchMeamed), nameof(TorchBenchmark.Meamed)),
                Times(nameof(TorchBenchmark.TorchGram), nameof(TorchBenchmark.MultiKrum)),
                Times(nameof(TorchBenchmark.TorchExactDistances), nameof(TorchBenchmark.MultiKrum)),
                Times(nameof(TorchBenchmark.TorchMixedTrimmedMean), nameof(TorchBenchmark.MixedTrimmedMean)));
            Line($"| {group.Key.Item1} | {group.Key.Item2} | {cells} |");
        }
    }

    private void InTheWay()
    {
        Line();
        Line("## Over the target");
        Line();
        Line(missed.Count == 0 ? "Nothing." : "In these cases; what stands in the way follows.");
        Line();
        foreach (var miss in missed) Line($"* {miss}");
        if (missed.Count > 0) Line();
        Line("* NNM + trimmed mean from a cache: with n rows, n(n − 1)/2 differences and squares a column say which are neighbours, and n(n − f) multiply-adds mix them. At the rates that both reach on rows in the second-level cache, about four fifths of what two 512-bit units can do, that alone is four means of 10 rows and eight of 30; fetching the rows from the third level comes on top. A processor that works on 512 bits in two halves (AMD's Zen 4) takes up to twice the cycles, and so does a core whose other thread is busy.");
        Line("* From memory a median or trimmed mean of 30 rows computes longer on a vector than a processor can look ahead, so fetching and computing add up where nothing fetches meanwhile. AMD's Zen 4 and 5 do when they are told to; on Intel's Sapphire Rapids telling it made it slower, so it is not told there.");
        Line("* The checked update over a received gradient makes the new mean aside, a small block at a time, and copies it over the gradient once that block was looked at: each number is written twice, once in the nearest cache. Apart from the gradient it writes a fourth stream where the bare update has three. To check first and then update in place reads the gradient twice and takes longer still.");
    }

    private void Hold(string what, double ratio, double most)
    {
        if (Math.Round(ratio, 2) > most) missed.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {ratio:F2} ({most:0.##})"));
    }

    private static double Median(BenchmarkReport report) => report.ResultStatistics?.Median ?? double.NaN;

    private static string Show(double nanoseconds) => nanoseconds < 1e6
        ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:F0} µs")
        : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:F2} ms");

    private void Line(FormattableString text) => page.AppendLine(text.ToString(CultureInfo.InvariantCulture));

    private void Line(string text = "") => page.AppendLine(text);
}

using System.Globalization;

namespace Basgd.Benchmarks.Transport;

/// <summary>
/// Gradients a second from one silo process to another, into a buffer's mean, against a raw loopback copy between the same
/// processes into a fresh array each time; and how long a status call takes beside them. All in one run, in turns.
/// </summary>
internal static class TransportBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int Megabyte = 1 << 20;

    private static readonly int[] Dimensions = [Megabyte / sizeof(float), 20 * Megabyte / sizeof(float)];

    public static async Task<int> Run()
    {
        Console.WriteLine($"{"gradient",10} {"raw copy",12} {"service",12} {"ratio",6}   status beside it, ms: median    99 %    most");
        List<Row> rows = [];
        await using (var link = await TransportLink.Start(Dimensions, tls: null))
            foreach (var dimension in Dimensions) rows.Add(await Compare(link, dimension));
        Write(rows);
        return 0;
    }

    private static void Write(IEnumerable<Row> rows)
    {
        var lines = string.Concat(rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Megabytes} MB | {row.Raw:F0} | {row.Service:F0} | {row.Ratio:F2} | {row.Median:F1} | {row.High:F1} | {row.Most:F1} |\n")));
        Page.Write("transport.md", $"""
            # Gradients from silo to silo

            Made by `dotnet run -c Release --project Benchmarks -- transport`. Two silo processes on loopback: one sends gradients of four workers into a buffer of the other; in turns with it, the same two processes copy as many bytes over a bare TCP connection into a fresh array each. Medians of {Rounds} rounds of {Seconds} s; read the ratio. Beside the gradients a status of the job is asked for every 10 ms.

            {Page.Machine}

            | gradient | raw copy, MB/s | into the buffer, MB/s | ratio (≥ 0.6) | status, ms: median | 99 % (≤ 15) | longest |
            |---|---|---|---|---|---|---|
            {lines}
            On a busy machine the ratio wanders: a copy takes one thread on each side, the service a few.

            """);
    }

    private static async Task<Row> Compare(TransportLink link, int dimension)
    {
        List<(double Raw, double Service)> rates = [];
        List<double> waits = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var raw = await link.Ask($"raw {dimension} {Seconds}");
            var service = await link.Ask($"submit {dimension} {Seconds}");
            if (round == 0) continue; // It warms both up.
            rates.Add((raw[0], service[0]));
            waits.AddRange(service[1..]);
        }

        waits.Sort();
        var row = new Row(
            dimension * sizeof(float) / Megabyte,
            rates.Select(static rate => rate.Raw).Median() / 1e6,
            rates.Select(static rate => rate.Service).Median() / 1e6,
            rates.Select(static rate => rate.Service / rate.Raw).Median(),
            waits[waits.Count / 2],
            waits[waits.Count * 99 / 100],
            waits[^1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Megabytes,7} MB {row.Raw,7:F0} MB/s {row.Service,7:F0} MB/s {row.Ratio,6:F2} {row.Median,30:F1} {row.High,7:F1} {row.Most,7:F1}"));
        return row;
    }

    /// <param name="Raw">MB/s.</param>
    /// <param name="Service">MB/s.</param>
    /// <param name="Median">Of the waits for a status, ms, as the two that follow.</param>
    /// <param name="High">99th percentile.</param>
    private sealed record Row(int Megabytes, double Raw, double Service, double Ratio, double Median, double High, double Most);
}

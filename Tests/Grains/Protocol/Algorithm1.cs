namespace Basgd.Grains.Tests.Protocol;

/// <summary>
/// The server of BASGD as the paper writes it (Yang and Li, ICML 2021, Algorithm 1), in plain arrays. Its arithmetic is the
/// plainest that rounds as ours does: floats, one operation after the other.
/// </summary>
internal sealed class Algorithm1(float[] w, int workers, int buffers, float learningRate, Func<float[][], float[]> aggregate)
{
    private readonly int[] beta = [.. Enumerable.Range(0, workers).Select(s => s % buffers)];
    private readonly int[] n = new int[buffers];
    private readonly float[][] h = [.. Enumerable.Range(0, buffers).Select(_ => new float[w.Length])];
    private readonly HashSet<int> heard = [];

    public int StepsMade { get; private set; }

    public IReadOnlyList<int> BufferOf => beta;

    public IReadOnlyList<int> Counts => n;

    public float[] BufferMean(int b) => h[b];

    /// <summary>On receiving g from worker s. Answers the latest w.</summary>
    public float[] Receive(int s, float[] g)
    {
        var b = beta[s];
        heard.Add(s);
        n[b] += 1;
        for (var i = 0; i < g.Length; i++) h[b][i] += (g[i] - h[b][i]) / n[b];
        if (n.All(static count => count > 0))
        {
            var aggregated = aggregate(h);
            w = [.. w.Select((x, i) => x - (learningRate * aggregated[i]))];
            ZeroBuffers();
            StepsMade += 1;
            heard.Clear();
        }

        return w;
    }

    /// <summary>The timer passed Δ: zero the buffers, change β so that each has an active worker. False where that cannot be.</summary>
    public bool TimeOut()
    {
        if (heard.Count < buffers) return false;
        var active = 0;
        var silent = 0;
        for (var s = 0; s < workers; s++) beta[s] = (heard.Contains(s) ? active++ : silent++) % buffers;
        ZeroBuffers();
        heard.Clear();
        return true;
    }

    /// <summary>Coordinate-wise mean and median, naively.</summary>
    public static float[] Aggregate(string rule, float[][] rows) =>
    [
        .. Enumerable.Range(0, rows[0].Length).Select(i =>
        {
            var column = rows.Select(row => row[i]).Order().ToArray();
            return rule switch
            {
                "mean" => (float)column.Average(static x => (double)x),
                "median" => (float)(((double)column[(column.Length - 1) / 2] + column[column.Length / 2]) / 2),
                _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "unknown"),
            };
        }),
    ];

    private void ZeroBuffers()
    {
        Array.Clear(n);
        foreach (var row in h) Array.Clear(row);
    }
}

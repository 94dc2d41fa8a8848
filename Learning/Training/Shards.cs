namespace Basgd.Learning.Training;

/// <summary>Splits the training set over the workers: every example belongs to exactly one. A function of the seed.</summary>
internal static class Shards
{
    /// <param name="labels">Of every training example.</param>
    /// <param name="settings">Seed, workers, and α of the Dirichlet distribution or null for IID.</param>
    public static int[][] Of(ReadOnlySpan<byte> labels, LearnerSettings settings)
    {
        Check(labels.Length, settings.Workers);
        var random = new Random(Seeds.Derive(settings.Seed, Streams.Shards));
        return settings.DirichletAlpha is { } alpha
            ? Dirichlet(labels, settings.Workers, alpha, Math.Min(settings.BatchSize, labels.Length / settings.Workers), random)
            : Iid(labels.Length, settings.Workers, random);
    }

    /// <summary>Pieces of an ordered training set, one after the other, of the same size give or take one.</summary>
    public static int[][] Contiguous(int examples, int workers)
    {
        Check(examples, workers);
        return Pieces([.. Enumerable.Range(0, examples)], workers);
    }

    private static void Check(int examples, int workers)
    {
        if (examples < workers) throw new ArgumentException($"workers = {workers}: there are {examples} training examples, and each worker needs one.", nameof(workers));
    }

    private static int[][] Iid(int examples, int workers, Random random)
    {
        var order = Enumerable.Range(0, examples).ToArray();
        random.Shuffle(order);
        return Pieces(order, workers);
    }

    private static int[][] Pieces(int[] order, int workers)
    {
        var shards = new int[workers][];
        for (var s = 0; s < workers; s++) shards[s] = order[(int)((long)order.Length * s / workers)..(int)((long)order.Length * (s + 1) / workers)];
        return shards;
    }

    /// <summary>For each label, shares p ~ Dir(α, …, α) over the workers (Hsu, Qi, Brown, 2019); then the largest shards feed those below the minimum.</summary>
    private static int[][] Dirichlet(ReadOnlySpan<byte> labels, int workers, double alpha, int minimum, Random random)
    {
        var byLabel = new SortedDictionary<byte, List<int>>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (!byLabel.TryGetValue(labels[i], out var members)) byLabel[labels[i]] = members = [];
            members.Add(i);
        }
        var shards = new List<int>[workers];
        for (var s = 0; s < workers; s++) shards[s] = [];
        foreach (var members in byLabel.Values)
        {
            var indices = members.ToArray();
            random.Shuffle(indices);
            var shares = Gamma.Dirichlet(workers, alpha, random);
            var (sum, from) = (0.0, 0);
            for (var s = 0; s < workers; s++)
            {
                sum += shares[s];
                var to = s == workers - 1 ? indices.Length : Math.Clamp((int)Math.Round(sum * indices.Length), from, indices.Length);
                shards[s].AddRange(indices.AsSpan(from..to));
                from = to;
            }
        }
        foreach (var poor in shards)
        {
            while (poor.Count < minimum)
            {
                var rich = shards.MaxBy(shard => shard.Count)!;
                var given = random.Next(rich.Count);
                poor.Add(rich[given]);
                rich.RemoveAt(given);
            }
        }
        return [.. shards.Select(shard => shard.ToArray())];
    }
}

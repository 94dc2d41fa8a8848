namespace Basgd.Aggregation.Kernels;

/// <summary>What a column of n values is reduced to. Equal formulas share their code, so a formula is what its parameters are.</summary>
/// <param name="Rows">Number of rows n ≥ 1.</param>
internal abstract record ColumnFormula(int Rows)
{
    /// <summary>Writes the formula down as operations, up to and with <see cref="ColumnProgram.Finish"/>.</summary>
    /// <param name="program">Empty, for n rows.</param>
    public abstract void Write(ColumnProgram program);
}

/// <summary>The mean of the order statistics first … last, from 0.</summary>
internal sealed record MeanOfRanks(int Rows, int First, int Last) : ColumnFormula(Rows)
{
    /// <summary>The median; for even n the mean of the middle two.</summary>
    public static MeanOfRanks Median(int rows) => new(rows, (rows - 1) / 2, rows / 2);

    public override void Write(ColumnProgram program)
    {
        var needs = new Need[Rows];
        needs.AsSpan(First..(Last + 1)).Fill(Need.Sum);
        var all = Last - First + 1 == Rows;
        program.Finish(program.Mean(program.Select(needs).AsSpan(First..(Last + 1))), guardRows: !all);
    }
}

/// <summary>
/// The mean of the k values nearest to the median, 1 ≤ k ≤ n; the smaller one of two that are as near. In sorted order they are
/// neighbours, so of s₀, s₀₊ₖ, s₀₊₂ₖ, … exactly one is among them, the nearest, and likewise of s₁, s₁₊ₖ, …: no search.
/// </summary>
internal sealed record MeanOfNearest(int Rows, int Kept) : ColumnFormula(Rows)
{
    public override void Write(ColumnProgram program)
    {
        var (low, high) = ((Rows - 1) / 2, Rows / 2);
        var sorted = program.Select(Needs(Rows, Kept));
        var median = low == high ? sorted[low] : program.Mean([sorted[low], sorted[high]]);
        var nearest = sorted[..Kept];
        for (var i = Kept; i < Rows; i++) nearest[i % Kept] = program.Nearer(nearest[i % Kept], sorted[i], median);
        var mean = program.Mean(nearest);
        if (Kept == Rows) program.Finish(mean);
        else program.Finish(mean, guardRows: true, program.Subtract(sorted[^1], sorted[0]));
    }

    /// <summary>By rank, what is compared with the median, the median, and what is among the nearest whatever the values are.</summary>
    internal static Need[] Needs(int rows, int kept)
    {
        var needs = new Need[rows];
        for (var i = 0; i < rows; i++) needs[i] = i == (rows - 1) / 2 || i == rows / 2 || i >= kept || i + kept < rows ? Need.Itself : Need.Sum;
        return needs;
    }
}

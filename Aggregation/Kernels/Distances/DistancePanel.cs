namespace Basgd.Aggregation.Kernels;

/// <summary>Covers all pairs of rows with tiles, on a panel of columns narrow enough to stay in the first-level cache from tile to tile. A tile has as many rows, TGroup, as the registers hold the pairs of.</summary>
internal static unsafe class DistancePanel<TLanes, TVector, T, TGroup>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
    where TGroup : ISize
{
    /// <summary>Adds what a panel contributes to the squared distances within a group of rows, to their squared norms, or to both.</summary>
    /// <param name="sums">Registers of partial sums, (n + 1) × (n + 1): of row i and row j &gt; i, and of the origin, row n, and row j.</param>
    /// <param name="rows">Addresses of the n rows at the panel's first column, then that of as many zeros.</param>
    /// <param name="group">The first row of the group.</param>
    /// <param name="columns">Columns of the panel; whole registers.</param>
    public static void AddWithin(T* sums, nint* rows, int n, int group, int columns, bool pairs, bool norms)
    {
        var count = Math.Min(TGroup.Value, n - group);
        if (pairs) AddTriangle(At(sums, n, group, group), n + 1, rows + group, count, columns);
        if (norms) AddRectangle<One>(At(sums, n, n, group), n + 1, rows + n, rows + group, count, columns);
    }

    /// <summary>The same for rows of different groups.</summary>
    /// <inheritdoc cref="AddWithin"/>
    public static void AddBetween(T* sums, nint* rows, int n, int columns)
    {
        for (var i = 0; i < n; i += TGroup.Value)
        {
            for (var j = i + TGroup.Value; j < n; j += TGroup.Value)
            {
                AddRectangle<TGroup>(At(sums, n, i, j), n + 1, rows + i, rows + j, Math.Min(TGroup.Value, n - j), columns);
            }
        }
    }

    private static T* At(T* sums, int n, int i, int j) => sums + (((i * (n + 1)) + j) * TLanes.Count);

    private static void AddTriangle(T* sums, int stride, nint* rows, int count, int columns)
    {
        switch (count)
        {
            case 5: Tile<Triangle<Five>>(sums, stride, rows, rows, columns); break;
            case 4: Tile<Triangle<Four>>(sums, stride, rows, rows, columns); break;
            case 3: Tile<Triangle<Three>>(sums, stride, rows, rows, columns); break;
            case 2: Tile<Triangle<Two>>(sums, stride, rows, rows, columns); break;
        }
    }

    private static void AddRectangle<TRows>(T* sums, int stride, nint* a, nint* b, int count, int columns)
        where TRows : ISize
    {
        switch (count)
        {
            case 5: Tile<Rectangle<TRows, Five>>(sums, stride, a, b, columns); break;
            case 4: Tile<Rectangle<TRows, Four>>(sums, stride, a, b, columns); break;
            case 3: Tile<Rectangle<TRows, Three>>(sums, stride, a, b, columns); break;
            case 2: Tile<Rectangle<TRows, Two>>(sums, stride, a, b, columns); break;
            case 1: Tile<Rectangle<TRows, One>>(sums, stride, a, b, columns); break;
        }
    }

    private static void Tile<TShape>(T* sums, int stride, nint* a, nint* b, int columns)
        where TShape : ITileShape => DistanceTile<TLanes, TVector, T, TShape>.AddTo(sums, stride, a, b, columns);
}

namespace Basgd.Aggregation.Kernels;

/// <summary>Covers all pairs of rows with tiles, on a panel of columns narrow enough to stay in the first-level cache from tile to tile. A tile has as many rows, TGroup, as the registers hold the pairs of.</summary>
internal static unsafe class DistancePanel<TLanes, TVector, T, TGroup>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
    where TGroup : ISize
{
    /// <summary>Adds ‖xᵢ − xⱼ‖² over the panel to the sums of each i &lt; j.</summary>
    /// <param name="sums">Registers of partial sums, (n + 1) × (n + 1).</param>
    /// <param name="rows">Addresses of the n rows at the panel's first column, then that of as many zeros.</param>
    public static void AddPairs(T* sums, nint* rows, int n, int columns)
    {
        for (var i = 0; i < n; i += TGroup.Value)
        {
            AddTriangle(At(sums, n, i, i), n + 1, rows + i, Math.Min(TGroup.Value, n - i), columns);
            for (var j = i + TGroup.Value; j < n; j += TGroup.Value)
            {
                AddRectangle<TGroup>(At(sums, n, i, j), n + 1, rows + i, rows + j, Math.Min(TGroup.Value, n - j), columns);
            }
        }
    }

    /// <summary>Adds ‖xⱼ‖² over the panel to the sums of row n, the origin.</summary>
    /// <inheritdoc cref="AddPairs"/>
    public static void AddNorms(T* sums, nint* rows, int n, int columns)
    {
        for (var j = 0; j < n; j += TGroup.Value) AddRectangle<One>(At(sums, n, n, j), n + 1, rows + n, rows + j, Math.Min(TGroup.Value, n - j), columns);
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

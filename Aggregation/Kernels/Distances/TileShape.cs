namespace Basgd.Aggregation.Kernels;

/// <summary>Which pairs of rows a tile measures.</summary>
internal interface ITileShape
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    static abstract bool Has(int row, int column);
}

/// <summary>Every row with every other.</summary>
internal readonly struct Rectangle<TRows, TColumns> : ITileShape
    where TRows : ISize
    where TColumns : ISize
{
    public static int Rows => TRows.Value;

    public static int Columns => TColumns.Value;

    public static bool Has(int row, int column) => row < TRows.Value && column < TColumns.Value;
}

/// <summary>Rows among themselves, each pair once.</summary>
internal readonly struct Triangle<TRows> : ITileShape
    where TRows : ISize
{
    public static int Rows => TRows.Value;

    public static int Columns => TRows.Value;

    public static bool Has(int row, int column) => row < column && column < TRows.Value;
}

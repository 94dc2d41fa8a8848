namespace Basgd.Aggregation.Kernels;

/// <summary>A constant that a type carries, so that code which depends on it is compiled for it.</summary>
internal interface ISize
{
    static abstract int Value { get; }
}

internal readonly struct One : ISize
{
    public static int Value => 1;
}

internal readonly struct Two : ISize
{
    public static int Value => 2;
}

internal readonly struct Three : ISize
{
    public static int Value => 3;
}

internal readonly struct Four : ISize
{
    public static int Value => 4;
}

internal readonly struct Five : ISize
{
    public static int Value => 5;
}

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

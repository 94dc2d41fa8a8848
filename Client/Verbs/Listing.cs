using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary>Names with something about each, a line each.</summary>
internal static class Listing
{
    public static void Write(IAnsiConsole console, IEnumerable<(string Name, string About)> lines)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        foreach (var (name, about) in lines) grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(about));
        console.Write(grid);
    }
}

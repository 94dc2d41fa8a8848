using Basgd.Client.Watching;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary>Names with something about each.</summary>
internal static class Listing
{
    public static void Write(IAnsiConsole console, IEnumerable<(string Name, string About)> lines) => console.WriteNamed(lines, bold: true);

    /// <summary>A paper in brackets; nothing if there is none.</summary>
    public static string Source(string paper) => paper == Show.Nothing ? "" : $" [{paper}]";
}

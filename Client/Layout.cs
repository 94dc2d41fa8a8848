using Spectre.Console;

namespace Basgd.Client;

/// <summary>Lines of plain text: broken between words only, and never padded, on a terminal and in a file.</summary>
internal static class Layout
{
    private const int Gap = 2;

    /// <summary>Columns that the texts beside names get at least.</summary>
    private const int MinText = 40;

    private static readonly Style Bold = new(decoration: Decoration.Bold);

    /// <summary>Writes one line that is never broken, because a user may copy a command, a path or an address from it.</summary>
    public static void WriteWhole(this IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);

    /// <summary>Writes names with a text beside each. A name that is too long for its column has a line of its own.</summary>
    public static void WriteNamed(this IAnsiConsole console, IEnumerable<(string Name, string Text)> rows, bool bold = false)
    {
        var all = rows.ToList();
        var width = console.Profile.Width;
        var column = all.Select(static row => row.Name.Length).Where(length => length + Gap + MinText <= width).DefaultIfEmpty(Gap).Max() + Gap;
        foreach (var (name, text) in all)
        {
            List<string> lines = [.. Wrap(text, width - column).Where(static line => line.Length > 0)];
            WriteName(console, name, bold);
            if (name.Length + Gap > column || lines.Count == 0) console.WriteWhole("");
            else
            {
                console.WriteWhole(new string(' ', column - name.Length) + lines[0]);
                lines.RemoveAt(0);
            }

            foreach (var line in lines) console.WriteWhole(new string(' ', column) + line);
        }
    }

    /// <summary>Writes rows of the same number of cells in columns, a line each; the first cell is bold, except in the heading.</summary>
    public static void WriteTable(this IAnsiConsole console, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length) + Gap)];
        foreach (var (number, row) in rows.Index())
        {
            WriteName(console, row[0], bold: number > 0);
            var rest = string.Concat(row.Index().Skip(1).Select(cell => cell.Item.PadRight(widths[cell.Index])));
            console.WriteWhole((new string(' ', widths[0] - row[0].Length) + rest).TrimEnd());
        }
    }

    /// <summary>The text in lines of at most the width; a longer word is a line of its own, and whole.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length == 0) line = word;
                else if (line.Length + 1 + word.Length <= width) line += $" {word}";
                else
                {
                    yield return line;
                    line = word;
                }
            }

            yield return line;
        }
    }

    /// <summary>Styles only what cannot be broken by the console.</summary>
    private static void WriteName(IAnsiConsole console, string name, bool bold)
    {
        if (bold && name.Length < console.Profile.Width) console.Write(new Text(name, Bold));
        else console.Profile.Out.Writer.Write(name);
    }
}

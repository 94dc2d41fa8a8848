namespace Basgd.Contracts.Programs;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>Names are compared up to this length, so that a very long one costs no more.</summary>
    private const int MaxLength = 200;

    /// <summary>The known name with the fewest edits between it and the given one; upper and lower case are the same.</summary>
    public static string Find(string name, IEnumerable<string> known) => known.MinBy(candidate => Distance(name, candidate))!;

    /// <summary>How many letters must be added, removed, replaced or swapped with their neighbour to turn one name into the other.</summary>
    public static int Distance(string one, string other)
    {
        var (a, b) = (Normalise(one), Normalise(other));
        int[] before = [], last = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last) = (last, row);
        }

        return last[^1];
    }

    private static string Normalise(string name) => (name.Length > MaxLength ? name[..MaxLength] : name).ToUpperInvariant();
}

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Networks that do not sort but leave the order statistics first … last on the wires of those ranks, in any order among
/// themselves: for the numbers of buffers in the BASGD paper, found by random local search for as few comparators as possible.
/// </summary>
internal static class SelectionNetworks
{
    /// <summary>Comparators as pairs of wires, a digit in base 36 each.</summary>
    private static readonly Dictionary<(int Rows, int First, int Last), string> Known = new()
    {
        [(5, 1, 3)] = "041301023424",
        [(5, 2, 2)] = "04130112232412",
        [(10, 1, 8)] = "09182736450124590289670379",
        [(10, 2, 7)] = "0918273645578935682401141359260279127848",
        [(10, 3, 6)] = "09182736450123137914580157677946783612672524",
        [(10, 4, 5)] = "09182736450423596736452457694603146836453456",
        [(15, 2, 12)] = "0e1d2c3b4a596805cd13478eab3c792ace9d2402ae58de67232602798bbd4514129d",
        [(15, 3, 11)] = "0e1d2c3b4a596802178a7d139d23ab4567ceac01577ebe0489bd252a181279cd9c4a3b16bc2426",
        [(15, 6, 8)] = "0e1d2c3b4a5968898a04ceabbe169d9b8c2501ac46133534122356cd7948897a3847bc8a03596b379a78566957",
        [(15, 7, 7)] = "0e1d2c3b4a5968144cbe4669675b8b03bc37bd9e04289a45467d368b69139b687a2358377879355779",
    };

    /// <returns>Null where none is known that is better than a sorting network.</returns>
    public static IEnumerable<(int Low, int High)>? Find(ReadOnlySpan<Need> needs)
    {
        var first = needs.IndexOfAnyExcept(Need.Nothing);
        var last = needs.LastIndexOfAnyExcept(Need.Nothing);
        return needs[first..(last + 1)].ContainsAnyExcept(Need.Sum) || !Known.TryGetValue((needs.Length, first, last), out var pairs) ? null : Read(pairs);
    }

    private static IEnumerable<(int Low, int High)> Read(string pairs) => pairs.Chunk(2).Select(static pair => (Digit(pair[0]), Digit(pair[1])));

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

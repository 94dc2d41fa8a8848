using System.Globalization;

namespace Basgd.Contracts.Attaching;

/// <summary>What somebody needs of the silo on a state directory: a command while it runs, or a job that was handed over.</summary>
/// <param name="Purpose">The verb of the command, or <see cref="Kept"/>.</param>
/// <param name="Slots">Workers that the silo is asked to act as; 0 to have it answer only.</param>
/// <param name="Job">The job that is to be trained; empty if there is none.</param>
public sealed record Need(string Purpose, int Slots = 0, string Job = "")
{
    /// <summary>The purpose of a job that was handed over: no command waits for it.</summary>
    public const string Kept = "kept";

    /// <summary>The largest number of slots that can be asked for.</summary>
    public const int MaxSlots = 100_000;

    /// <summary>Longer than the name of any job.</summary>
    private const int MaxJobLength = 64;

    private const char Separator = ',';

    public bool IsKept => Purpose == Kept;

    /// <summary>The need as the name of a file: a file that is locked can be listed, but not read.</summary>
    /// <param name="id">Tells it from others of the same need.</param>
    internal string ToFileName(string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{Purpose}{Separator}{Math.Clamp(Slots, 0, MaxSlots)}{Separator}{(Job.Length > MaxJobLength ? "" : Uri.EscapeDataString(Job))}{Separator}{id}");

    /// <summary>Null if it is the name of something else.</summary>
    internal static Need? FromFileName(string name) =>
        name.Split(Separator) is [var purpose, var slots, var job, _] && int.TryParse(slots, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Need(purpose, number, Uri.UnescapeDataString(job))
            : null;
}

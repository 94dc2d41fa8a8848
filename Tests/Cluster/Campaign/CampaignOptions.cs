using System.Globalization;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>How much of a campaign is run, from the environment.</summary>
internal static class CampaignOptions
{
    private const string CountName = "BASGD_CAMPAIGN";
    private const string SeedName = "BASGD_CAMPAIGN_SEED";
    private const int Usual = 20;
    private const string LogsName = "BASGD_CAMPAIGN_LOGS";
    private const string FaultsName = "BASGD_CAMPAIGN_FAULTS";
    private static readonly string? Wanted = Environment.GetEnvironmentVariable(FaultsName);

    /// <summary>Detects failures faster than the default, for patience is most of what a campaign costs.</summary>
    public static Dictionary<string, string> Silo => new()
    {
        ["Basgd__Cluster__ProbeTimeout"] = "00:00:01",
        ["Basgd__Job__LeaseDuration"] = "00:00:03",
        ["Basgd__Worker__Lanes"] = "1",

        // Hexadecimal, 30 by default: calls after which a method is compiled better. Silos that live for seconds gain less than it takes.
        ["DOTNET_TC_CallCountThreshold"] = "2710",
    };

    /// <summary>Folder that gets what the silos print; null for none.</summary>
    public static string? Logs => Environment.GetEnvironmentVariable(LogsName);

    /// <summary>Of the faults that are possible those that are wanted, by name with commas between them; all where none is named.</summary>
    public static IReadOnlyList<Fault> Among(IReadOnlyList<Fault> possible) => Wanted is null ? possible : [.. Wanted.Split(',').Select(Enum.Parse<Fault>).Where(possible.Contains)];

    /// <summary>Schedules for each backend.</summary>
    public static int Count => Read(CountName) ?? (Read(SeedName) is null ? Usual : 1);

    /// <summary>Of the first schedule; the next one has the next. The same each time, but where another or a number of schedules was asked for.</summary>
    public static int Seed => Read(SeedName) ?? (Read(CountName) is null ? 1 : Environment.TickCount);

    /// <summary>The command that repeats one schedule.</summary>
    public static string Repeat(int seed, string tests) => $"{(Wanted is null ? "" : $"{FaultsName}={Wanted} ")}{SeedName}={seed} dotnet run -c Release --project Tests/Cluster -- -class '*.{tests}'";

    private static int? Read(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
}

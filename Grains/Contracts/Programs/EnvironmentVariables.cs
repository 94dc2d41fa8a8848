namespace Basgd.Contracts.Programs;

/// <summary>The environment variables of the programs; options of a silo have their own, such as <c>Basgd__Silo__Role</c>.</summary>
public static class EnvironmentVariables
{
    public const string Cluster = "BASGD_CLUSTER";
    public const string Data = "BASGD_DATA";
    public const string Debug = "BASGD_DEBUG";
    public const string Experiments = "BASGD_EXPERIMENTS";

    /// <summary>How a script that starts the program was called itself; printed commands begin with it.</summary>
    public const string Program = "BASGD_PROGRAM";

    public const string Silo = "BASGD_SILO";
    public const string SimdBits = "BASGD_SIMD_BITS";
    public const string TlsAuthority = "BASGD_TLS_AUTHORITY";
    public const string TlsCertificate = "BASGD_TLS_CERTIFICATE";
    public const string TlsKey = "BASGD_TLS_KEY";
    public const string Token = "BASGD_TOKEN";

    private const string Prefix = "BASGD_";

    /// <summary>So many edits away from a known name, an unknown one is a mistake. Others may be somebody else's: Kubernetes makes names from those of services.</summary>
    private const int MaxEdits = 2;

    /// <summary>Every variable that a program reads.</summary>
    public static readonly IReadOnlyList<string> All = [Cluster, Data, Debug, Experiments, Program, Silo, SimdBits, TlsAuthority, TlsCertificate, TlsKey, Token];

    /// <summary>Variables of the containers, which become options of a silo there.</summary>
    private static readonly HashSet<string> OfContainers = ["BASGD_ACT_TOKEN", "BASGD_LOOK_TOKEN", "BASGD_PAGE_TOKEN"];

    /// <summary>Whether a program reads the variable, or a container file does.</summary>
    public static bool IsKnown(string name) => All.Contains(name) || OfContainers.Contains(name);

    /// <summary>A line for each of these names that is no variable and nearly one. Values are not shown: one may be a token.</summary>
    public static IReadOnlyList<string> Mistyped(IEnumerable<string> names) =>
    [
        .. from name in names
           where name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !IsKnown(name)
           let nearest = NearestName.Find(name, All)
           where NearestName.Distance(name, nearest) <= MaxEdits
           orderby name
           select $"{name}: unknown environment variable; the nearest known one is {nearest}",
    ];

    /// <summary>The same for this process.</summary>
    public static IReadOnlyList<string> Mistyped() => Mistyped(Environment.GetEnvironmentVariables().Keys.Cast<string>());

    /// <summary>The value of a variable; null if it is empty or not there.</summary>
    public static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

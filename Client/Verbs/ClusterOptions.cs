using System.CommandLine;
using System.Net;
using Basgd.Client.Clusters;
using Basgd.Contracts.Attaching;
using Basgd.Contracts.Programs;

namespace Basgd.Client.Verbs;

/// <summary>Options of verbs that talk to a silo.</summary>
internal sealed class ClusterOptions
{
    /// <summary>Keeps a password off the command line, which everybody on a machine can read.</summary>
    private const string Variable = EnvironmentVariables.Cluster;

    private const int DefaultPage = 8080;
    private const int DefaultSlots = 64;

    private readonly CredentialOptions credentials = new();
    private readonly Option<string?> cluster = new("--cluster") { Description = $"Where the silos of a cluster register (redis://user:password@host:port, postgres://user:password@host/database), or the gateway of one (HOST:PORT). Default: {Variable}, or else the silo on --state.", HelpName = "ADDRESS", DefaultValueFactory = static _ => EnvironmentVariables.Value(Variable) };
    private readonly Option<string> clusterId = new("--cluster-id") { Description = "Name of the cluster, where several register at one place.", HelpName = "NAME", DefaultValueFactory = static _ => ClusterTarget.DefaultClusterId };
    private readonly Option<string> state = new("--state") { Description = "State directory of the local silo; a silo is started if none runs there and one is needed.", HelpName = "DIR", DefaultValueFactory = static _ => ClusterTarget.DefaultState };
    private readonly Option<string?> data = new("--data") { Description = "Directory a silo that is started looks for data sets in first.", HelpName = "DIR" };
    private readonly Option<int?> slots = Flag.Number<int>("--slots", "N", $"Maximum of workers that the silo on --state trains at a time for this command. Default: all workers of the job, and {DefaultSlots} at least.", atLeast: 0);

    private readonly Option<int?> page = Flag.Number<int>("--page", "PORT", $"Port for the live page of a silo that is started, or any free one where it is taken; 0 for no page. Default: {DefaultPage}.", atLeast: 0, atMost: IPEndPoint.MaxPort);

    public ClusterOptions()
    {
        cluster.Validators.Add(result =>
        {
            try
            {
                if (result.GetValue(cluster) is { } address) ClusterTarget.Check(address);
            }
            catch (UsageException wrong)
            {
                result.AddError(wrong.Message);
            }
        });
    }

    /// <param name="mayTrain">Whether the verb may ask for training; others ask for answers only.</param>
    public void AddTo(Command verb, bool mayTrain)
    {
        verb.Add(cluster);
        verb.Add(clusterId);
        verb.Add(state);
        verb.Add(data);
        credentials.AddTo(verb);
        if (!mayTrain) return;
        verb.Add(slots);
        verb.Add(page);
    }

    /// <summary>The cluster meant, and a silo for it that trains a job.</summary>
    /// <param name="workers">Of the job, as far as they are known.</param>
    public ClusterTarget ToTrain(ParseResult parse, StateUse use, string job, int workers = 0) => Target(parse, Start(parse), use, new Need(Verb(parse), Slots(parse, workers), job));

    /// <summary>The cluster meant, and a silo for it that only answers.</summary>
    public ClusterTarget ToAsk(ParseResult parse) => Target(parse, Start(parse), StateUse.Use, new Need(Verb(parse)));

    /// <summary>The cluster meant; no silo is started for it.</summary>
    public ClusterTarget ToRead(ParseResult parse, StateUse use = StateUse.Read) => Target(parse, start: null, use, new Need(Verb(parse)));

    /// <summary>How many workers the silo on a state directory is asked to act as, for a job with so many.</summary>
    public int Slots(ParseResult parse, int workers) => parse.GetValue(slots) ?? Math.Max(DefaultSlots, workers);

    private static string Verb(ParseResult parse) => parse.CommandResult.Command.Name;

    /// <summary>Every silo has a page: a command that trains may join one that another command started.</summary>
    private SiloStart Start(ParseResult parse) => new(parse.GetValue(data), parse.GetValue(page) ?? DefaultPage);

    private ClusterTarget Target(ParseResult parse, SiloStart? start, StateUse use, Need need) =>
        new(parse.GetValue(cluster), parse.GetValue(state)!, start, parse.GetValue(clusterId)!)
        {
            Credentials = credentials.Read(parse),
            IsFromEnvironment = parse.GetValue(cluster) is not null && parse.GetResult(cluster) is not { Implicit: false },
            Use = use,
            Need = need,
        };
}

using System.CommandLine;
using System.Net;
using Basgd.Client.Clusters;
using Basgd.Contracts.Programs;

namespace Basgd.Client.Verbs;

/// <summary>Options of verbs that talk to a silo.</summary>
internal sealed class ClusterOptions
{
    /// <summary>Keeps a password off the command line, which everybody on a machine can read.</summary>
    private const string Variable = EnvironmentVariables.Cluster;

    private const int DefaultPage = 8080;

    private readonly CredentialOptions credentials = new();
    private readonly Option<string?> cluster = new("--cluster") { Description = $"Where the silos of a cluster register (redis://user:password@host:port, postgres://user:password@host/database), or the gateway of one (HOST:PORT). Default: {Variable}, or else the silo on --state.", HelpName = "ADDRESS", DefaultValueFactory = static _ => EnvironmentVariables.Value(Variable) };
    private readonly Option<string> clusterId = new("--cluster-id") { Description = "Name of the cluster, where several register at one place.", HelpName = "NAME", DefaultValueFactory = static _ => ClusterTarget.DefaultClusterId };
    private readonly Option<string> state = new("--state") { Description = "State directory of the local silo; one is started where none runs.", HelpName = "DIR", DefaultValueFactory = static _ => ClusterTarget.DefaultState };
    private readonly Option<string?> data = new("--data") { Description = "Directory a silo that is started looks for data sets in first.", HelpName = "DIR" };
    private readonly Option<int?> slots = Flag.Number<int>("--slots", "N", "Workers a silo that is started trains at a time. Default: as many as it has processors for.", atLeast: 0);

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

    /// <param name="mayTrain">Whether the verb may start a silo that trains; others start one that only answers.</param>
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

    /// <summary>The cluster meant, and a silo for it that trains.</summary>
    public ClusterTarget ToTrain(ParseResult parse) => Of(parse, new SiloStart(parse.GetValue(slots), parse.GetValue(data), parse.GetValue(page) ?? DefaultPage));

    /// <summary>The cluster meant, and a silo for it that only answers.</summary>
    public ClusterTarget ToAsk(ParseResult parse) => Of(parse, new SiloStart(0, parse.GetValue(data)));

    private ClusterTarget Of(ParseResult parse, SiloStart start) => new(parse.GetValue(cluster), parse.GetValue(state)!, start, parse.GetValue(clusterId)!)
    {
        Credentials = credentials.Read(parse),
        IsFromEnvironment = parse.GetValue(cluster) is not null && parse.GetResult(cluster) is not { Implicit: false },
    };
}

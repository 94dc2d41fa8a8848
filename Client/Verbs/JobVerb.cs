using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Client.Watching;
using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary>The form that verbs on one job have in common.</summary>
internal static class JobVerb
{
    public static Argument<string> NameArgument() => new("NAME") { Description = "Name of the job." };

    /// <summary>A verb that opens the cluster, does one thing to a job, and shows how the job then stands.</summary>
    public static Command Command(Context context, string verb, string description, Func<ITrainingJobGrain, Task> act) =>
        Command(context, verb, description, (job, _) => act(job));

    /// <summary>The same with arguments after the job's name.</summary>
    public static Command Command(Context context, string verb, string description, Func<ITrainingJobGrain, ParseResult, Task> act, params IReadOnlyList<Argument> arguments)
    {
        var name = NameArgument();
        var clusters = new ClusterOptions();
        var command = new Command(verb, description) { name };
        foreach (var argument in arguments) command.Add(argument);
        clusters.AddTo(command, mayTrain: false);
        command.SetAction(async parse =>
        {
            var target = clusters.ToAsk(parse);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var job = cluster.Job(parse.GetRequiredValue(name));
            await Waiting.Tell(context, job, act(job, parse));
            return Answer(context, await job.GetStatus(), target, parse.WantsJson());
        });
        return command;
    }

    /// <summary>Shows how a job stands.</summary>
    public static int Answer(Context context, JobStatus status, ClusterTarget target, bool json)
    {
        if (json)
        {
            context.Terminal.WriteJson(status);
        }
        else
        {
            context.Terminal.Out.Write(ProgressView.Of(status));
            Summary.Write(context.Terminal.Out, status, target);
        }

        return ExitCode.Done;
    }
}

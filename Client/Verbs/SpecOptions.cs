using System.CommandLine;
using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary>A job spec from a file and flags; a flag overrides the file.</summary>
internal sealed class SpecOptions
{
    private readonly Argument<string?> file = new("spec.yaml") { Description = "Job spec; see `basgd schema`. Default: every field's default.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> name = new("--name") { Description = "Name of the job. Default: model-dataset.", HelpName = "NAME" };
    private readonly Option<string?> model = new("--model") { Description = "Model to train; see `basgd models`.", HelpName = "NAME" };
    private readonly Option<string?> dataset = new("--dataset") { Description = "Data set to train on; see `basgd datasets`.", HelpName = "NAME" };
    private readonly Option<int?> workers = Flag.Number<int>("--workers", "M", "Number of workers m.");
    private readonly Option<int?> buffers = Flag.Number<int>("--buffers", "B", "Number of buffers B, at most as many as workers.");
    private readonly Option<int?> tolerate = Flag.Number<int>("--tolerate", "R", "Bad workers r to withstand; B >= 2r + 1. Default: as many as --byzantine.");
    private readonly Option<int?> byzantine = Flag.Number<int>("--byzantine", "N", "Workers that mount the attack.");
    private readonly Option<string?> attack = new("--attack") { Description = "What they send, such as negative-gradient(k=10); see `basgd attacks`.", HelpName = "ATTACK" };
    private readonly Option<string?> rule = new("--rule") { Description = "Aggregation rule, such as trimmed-mean(f=2); see `basgd rules`.", HelpName = "RULE" };
    private readonly Option<double?> lr = Flag.Number<double>("--lr", "RATE", "Learning rate.");
    private readonly Option<int?> batch = Flag.Number<int>("--batch", "N", "Examples in one gradient.");
    private readonly Option<double?> epochs = Flag.Number<double>("--epochs", "N", "Passes over the training set.");
    private readonly Option<long?> steps = Flag.Number<long>("--steps", "N", "SGD steps, instead of epochs.");
    private readonly Option<ulong?> seed = Flag.Number<ulong>("--seed", "N", "Seed of everything random.");
    private readonly Option<string?> durability = new("--durability") { Description = "What a crash may lose.", HelpName = "step|acknowledged|interval" };

    public SpecOptions() => durability.AcceptOnlyFromAmong(Enum.GetNames<Durability>().Select(static n => n.ToLowerInvariant()).ToArray());

    public void AddTo(Command verb)
    {
        verb.Add(file);
        foreach (var option in (Option[])[name, model, dataset, workers, buffers, tolerate, byzantine, attack, rule, lr, batch, epochs, steps, seed, durability]) verb.Add(option);
    }

    /// <summary>The spec that is asked for, checked.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    /// <exception cref="JobSpecException">The file, or what it and the flags make together, is wrong.</exception>
    public JobSpec Read(ParseResult parse)
    {
        var spec = Override(parse, File(parse.GetValue(file)));
        return JobSpecValidator.Validate(spec) is { Count: > 0 } problems ? throw new JobSpecException(problems) : spec;
    }

    private static JobSpec File(string? path)
    {
        if (path is null) return new JobSpec();
        try
        {
            return JobSpecFile.Parse(System.IO.File.ReadAllText(path));
        }
        catch (JobSpecException wrong)
        {
            throw new JobSpecException([.. wrong.Problems.Select(problem => $"{path}: {problem}")]);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new UsageException($"spec = {path}: must be a file; this is a directory");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"spec = {path}: no such file");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"spec = {path}: {unreadable.Message}");
        }
    }

    private JobSpec Override(ParseResult parse, JobSpec spec)
    {
        var (newEpochs, newSteps) = (parse.GetValue(epochs), parse.GetValue(steps));
        var newLength = newEpochs is not null || newSteps is not null;
        return spec with
        {
            Name = parse.GetValue(name) ?? spec.Name,
            Model = parse.GetValue(model) ?? spec.Model,
            Dataset = parse.GetValue(dataset) ?? spec.Dataset,
            Workers = parse.GetValue(workers) ?? spec.Workers,
            Buffers = parse.GetValue(buffers) ?? spec.Buffers,
            Tolerate = parse.GetValue(tolerate) ?? spec.Tolerate,
            Byzantine = parse.GetValue(byzantine) ?? spec.Byzantine,
            Attack = parse.GetValue(attack) ?? spec.Attack,
            Rule = parse.GetValue(rule) ?? spec.Rule,
            LearningRate = parse.GetValue(lr) ?? spec.LearningRate,
            Batch = parse.GetValue(batch) ?? spec.Batch,
            // One of the two says how long: a flag replaces whichever the file has.
            Epochs = newLength ? newEpochs : spec.Epochs,
            Steps = newLength ? newSteps : spec.Steps,
            Seed = parse.GetValue(seed) ?? spec.Seed,
            Durability = parse.GetValue(durability) is { } text ? Enum.Parse<Durability>(text, ignoreCase: true) : spec.Durability,
        };
    }
}

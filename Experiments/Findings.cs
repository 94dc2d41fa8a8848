namespace Basgd.Experiments;

/// <summary>The outcomes of an experiment.</summary>
/// <param name="Outcomes">In the order of the experiment's trials.</param>
internal sealed record Findings(Metric Metric, IReadOnlyList<Outcome> Outcomes)
{
    public IEnumerable<string> Settings => Outcomes.Select(static outcome => outcome.Trial.Setting).Distinct();

    public IEnumerable<string> Methods => Outcomes.Select(static outcome => outcome.Trial.Method).Distinct();

    /// <summary>The method's outcome in the setting; null where the experiment leaves it out.</summary>
    public Outcome? Find(string setting, string method) => Outcomes.FirstOrDefault(outcome => outcome.Trial.Setting == setting && outcome.Trial.Method == method);

    public Outcome this[string setting, string method] => Find(setting, method) ?? throw new KeyNotFoundException($"no trial of {method} in {setting}");

    /// <summary>Final metric of each run, by seed.</summary>
    public IReadOnlyList<double> Final(string setting, string method) => this[setting, method].Final(Metric);
}

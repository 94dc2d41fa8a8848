using Basgd.Experiments.Reporting;

namespace Basgd.Experiments.Catalogue;

/// <summary>
/// A question, the trials that answer it, and what is expected of them. To add one: a class in this folder, and a line in
/// <see cref="Experiments.All"/>.
/// </summary>
internal abstract class Experiment
{
    /// <summary>What the command calls it, and its folder.</summary>
    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>What is compared, how, and what is expected; a paragraph of Markdown.</summary>
    public abstract string About { get; }

    public virtual Metric Metric => Metric.Accuracy;

    /// <summary>What the picture of a setting shows.</summary>
    public virtual Metric MetricIn(string setting) => Metric;

    public virtual Picture Picture => Picture.ByGradients;

    /// <summary>Runs of each trial where the command says nothing else.</summary>
    public virtual int Seeds(Scale scale) => scale.Seeds;

    /// <summary>Distinct in setting and method.</summary>
    public abstract IReadOnlyList<Trial> Trials(Scale scale);

    public virtual IReadOnlyList<Table> Tables(Scale scale, Findings findings) => [Table.OfFinal(findings)];

    public abstract IEnumerable<Ordering> Orderings(Scale scale, Findings findings);

    /// <summary>Where results differ from the paper's, and why; Markdown, empty where they do not.</summary>
    public virtual string Remarks(Scale scale) => "";
}

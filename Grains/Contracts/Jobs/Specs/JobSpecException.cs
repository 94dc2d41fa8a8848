namespace Basgd.Contracts;

/// <summary>A job spec that cannot be meant: everything that is wrong with it, at once.</summary>
public sealed class JobSpecException : Exception
{
    public JobSpecException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>Each names field, value and rule; those found while reading a file begin with the line.</summary>
    public IReadOnlyList<string> Problems { get; }
}

namespace Basgd.Learning;

/// <summary>
/// A learning problem: a model and its data. Register one in the host with <c>AddWorkload&lt;T&gt;()</c> and name it in a job.
/// Implementations are shared by every slot of a silo and must be thread-safe.
/// </summary>
public interface IWorkload
{
    /// <summary>Where a job's <c>model</c> and <c>dataset</c> are looked up; both must match, without regard to case.</summary>
    string Model { get; }

    /// <inheritdoc cref="Model"/>
    string Dataset { get; }

    /// <summary>The model in a line, for listings.</summary>
    string ModelSummary => Model;

    /// <summary>The data set in a line, for listings.</summary>
    string DatasetSummary => Dataset;

    /// <summary>What must be known before a job starts. Reads the data set's header, not its content, where it can.</summary>
    /// <exception cref="WorkloadUnavailableException">The data cannot be had; the message says what was tried and what to do.</exception>
    ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default);

    /// <summary>What is wrong with the settings for this model and these data, naming field, value and rule; null if nothing is. Asked before a job starts.</summary>
    string? Fault(LearnerSettings settings) => null;

    /// <summary>Reads all data as a learner would, so that a job is refused if its workers could not learn from them. Asked before a job starts.</summary>
    /// <exception cref="WorkloadUnavailableException">The data cannot be had or are damaged; the message names the file and says what is wrong.</exception>
    ValueTask CheckDataAsync(CancellationToken cancellation = default) => ValueTask.CompletedTask;

    /// <summary>A learner of its own model replica over shared data. Called once per compute lane and job; expensive.</summary>
    ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default);
}

/// <param name="Dimension">Number of parameters d.</param>
/// <param name="TrainingExamples">Size of the training set, the unit of an epoch; of a text, its windows.</param>
/// <param name="Layout">Name and shape of each parameter tensor, in the order in which they lie in the vector; the sizes add up to d.</param>
public sealed record WorkloadDescription(int Dimension, long TrainingExamples, IReadOnlyList<ParameterShape> Layout)
{
    /// <summary>
    /// How to use the trained parameters elsewhere: what inputs must look like and what outputs mean, as texts by name. Written into
    /// exported files. Lists are JSON. Default: nothing.
    /// </summary>
    public IReadOnlyDictionary<string, string> Usage { get; init; } = new Dictionary<string, string>();
}

/// <param name="Name">The tensor's name as PyTorch's <c>state_dict</c> has it, such as <c>conv1.weight</c>.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
public sealed record ParameterShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>Number of values in the tensor.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <param name="Seed">The job's seed: initial parameters, shards and batches are functions of it.</param>
/// <param name="Workers">Number of workers m that share the training data.</param>
/// <param name="BatchSize">Examples in one gradient.</param>
/// <param name="DirichletAlpha">Label skew of the shards: null for IID, else α &gt; 0 of a Dirichlet distribution over workers per label; small is skewed.</param>
/// <param name="LabelFlippers">The last so many workers, 0 … m, learn wrong labels, y as classes − 1 − y, or wrong next words in the same way: an attack on the data side.</param>
/// <param name="MixedPrecision">Whether the model computes in bfloat16; parameters, normalisation, loss and the gradient that is handed out are float32 all the same.</param>
/// <param name="Device">Which of the host's <see cref="IComputeDevices"/> to compute on; null for the first.</param>
public sealed record LearnerSettings(
    ulong Seed, int Workers, int BatchSize, double? DirichletAlpha = null, int LabelFlippers = 0, bool MixedPrecision = false, string? Device = null)
{
    /// <summary>Whether the worker learns wrong labels.</summary>
    public bool FlipsLabels(int worker) => worker >= Workers - LabelFlippers;
}

/// <summary>
/// One model replica. Not thread-safe: one caller at a time. What it answers depends on its arguments and the settings alone,
/// never on earlier calls, so any learner can stand in for any worker and a run can be replayed.
/// </summary>
public interface ILearner : IDisposable
{
    /// <summary>Number of parameters d.</summary>
    int Dimension { get; }

    /// <summary>Writes the initial parameters, a function of the seed.</summary>
    /// <param name="parameters">Filled; length d.</param>
    void Initialise(Span<float> parameters);

    /// <summary>Mean gradient of the loss over the batch that belongs to (seed, worker, sequence).</summary>
    /// <param name="parameters">Point to take the gradient at; length d.</param>
    /// <param name="worker">0 … m−1.</param>
    /// <param name="sequence">0, 1, 2 …: the worker's how-manieth gradient.</param>
    /// <param name="gradient">Filled; length d.</param>
    /// <returns>Mean loss over the batch.</returns>
    double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient);

    /// <summary>Judges parameters on the held-out examples.</summary>
    Evaluation Evaluate(ReadOnlySpan<float> parameters);
}

/// <param name="Loss">Mean loss over the held-out examples; of a text, over its words.</param>
/// <param name="Accuracy">Share of them answered right, 0 … 1.</param>
/// <param name="Examples">How many there were.</param>
/// <param name="Perplexity">Of a text, exp(loss): among how many equally likely words the model might as well be choosing. Else null.</param>
public readonly record struct Evaluation(double Loss, double Accuracy, long Examples, double? Perplexity = null);

/// <summary>The model or the data a job asks for cannot be had here.</summary>
public sealed class WorkloadUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it stays so until somebody mends it, as with damaged data. Default: false, a retry may succeed.</summary>
    public bool IsLasting { get; init; }
}

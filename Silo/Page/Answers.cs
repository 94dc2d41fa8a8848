using System.Collections.Concurrent;

namespace Basgd.Silo.Page;

/// <summary>Answers shared by everybody who asks the same within half a second, so that many open pages cost the grains what one does.</summary>
internal sealed class Answers(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    /// <summary>More different questions than this are a sign of somebody who makes them up: all are forgotten.</summary>
    private const int MostKept = 1_000;

    private readonly ConcurrentDictionary<string, (long Asked, Lazy<Task<object>> Answer)> answers = new();

    /// <param name="question">Names what is asked for, its parameters included.</param>
    public async Task<T> Get<T>(string question, Func<Task<T>> ask)
        where T : class
    {
        if (answers.Count > MostKept) answers.Clear();
        var (_, answer) = answers.AddOrUpdate(
            question,
            static (_, arguments) => arguments.Ask(),
            static (_, known, arguments) => arguments.Time.GetElapsedTime(known.Asked) < Fresh ? known : arguments.Ask(),
            (Time: time, Ask: (Func<(long, Lazy<Task<object>>)>)(() => (time.GetTimestamp(), new Lazy<Task<object>>(async () => await ask())))));
        return (T)await answer.Value;
    }
}

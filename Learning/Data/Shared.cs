namespace Basgd.Learning.Data;

/// <summary>Work that many ask for and that is done once: all who ask while it runs share it, and the next asks again if it failed.</summary>
/// <param name="work">Runs to its end whoever loses patience.</param>
/// <param name="keep">Whether a result is kept for good, not just for those who waited for it.</param>
internal sealed class Shared<T>(Func<Task<T>> work, bool keep)
{
    private readonly Lock _lock = new();
    private Task<T>? _task;

    public Task<T> GetAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_task is null || (_task.IsCompleted && !(keep && _task.IsCompletedSuccessfully))) _task = Task.Run(work, CancellationToken.None);
            return _task.WaitAsync(cancellation);
        }
    }
}

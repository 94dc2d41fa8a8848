namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Questions to silos that may still be learning of each other's ends.</summary>
internal static class Asking
{
    private const int Attempts = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks again where there is no answer. The question must be safe to repeat.</summary>
    /// <param name="patience">How long an answer may take. Default: 10 s.</param>
    public static async Task<T> Patiently<T>(Func<Task<T>> ask, TimeSpan? patience = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask().WaitAsync(patience ?? Patience);
            }
            catch when (attempt < Attempts)
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <inheritdoc cref="Patiently{T}"/>
    public static Task Patiently(Func<Task> ask) => Patiently(async () =>
    {
        await ask();
        return true;
    });
}

namespace Basgd.Grains;

/// <summary>How grains store what they hold.</summary>
internal static class StoredState
{
    /// <summary>
    /// Stores. Where that fails this activation ends, for what is stored is not known then: the next one reads it. Until then nothing
    /// may be said that rests on what this one holds.
    /// </summary>
    public static async Task StoreOrEnd(this IGrainBase grain, Func<Task> store)
    {
        try
        {
            await store();
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}

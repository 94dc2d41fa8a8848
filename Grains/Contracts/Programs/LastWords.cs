namespace Basgd.Contracts.Programs;

/// <summary>Ends a program in one line when an exception gets past everything, on any thread.</summary>
public static class LastWords
{
    private const int Failed = 1;

    /// <summary>Call once, first of all.</summary>
    public static void OfThisProgram() => AppDomain.CurrentDomain.UnhandledException += static (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is not Exception failure) return;
        QuietWriter.Error().WriteLine(FailureText.ShowsAll ? failure.ToString() : FailureText.Unexpected(failure));
        Environment.Exit(Failed);
    };
}

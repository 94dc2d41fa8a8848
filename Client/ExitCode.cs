namespace Basgd.Client;

/// <summary>What the process answers its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;
}

/// <summary>The command cannot be meant like this.</summary>
internal sealed class UsageException(string message) : Exception(message);

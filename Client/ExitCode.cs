using Basgd.Contracts;

namespace Basgd.Client;

/// <summary>What the process answers its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    /// <summary>The job is paused: <c>resume</c> goes on.</summary>
    public const int Paused = 3;

    /// <summary>Of a command that watched a job: done only if the job is.</summary>
    public static int Of(JobPhase phase) => phase switch
    {
        JobPhase.Completed => Done,
        JobPhase.Paused => Paused,
        _ => Failed,
    };
}

/// <summary>The command cannot be meant like this.</summary>
internal sealed class UsageException(string message) : Exception(message);

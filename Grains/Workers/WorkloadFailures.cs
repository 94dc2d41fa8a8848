using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Grains;

/// <summary>A learner that cannot be had, in words that travel: callers elsewhere do not know the exceptions of learning.</summary>
internal static class WorkloadFailures
{
    /// <inheritdoc cref="LearnerPool.Enter"/>
    /// <exception cref="WorkloadFailedException">The learner cannot be made.</exception>
    public static async Task<LearnerPool.Lane> EnterOrTell(this LearnerPool pool, JobSpec spec, string share)
    {
        try
        {
            return await pool.Enter(spec, share);
        }
        catch (WorkloadUnavailableException unavailable)
        {
            throw new WorkloadFailedException(unavailable.Message, unavailable.IsLasting);
        }
        catch (ArgumentException wrong)
        {
            // The settings do not fit the model or the data: they never will.
            throw new WorkloadFailedException(wrong.Message, isLasting: true);
        }
    }
}

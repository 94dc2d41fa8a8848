using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>Asks a silo that can run a job what of its workload is not a gradient.</summary>
public sealed class WorkloadCaller(IGrainFactory grains)
{
    /// <summary>So many silos are tried if one has the workload but not its data.</summary>
    private const int MaxAttempts = 3;

    /// <exception cref="JobRefusedException">No silo can run the job, or the question is refused.</exception>
    public async Task<T> Ask<T>(JobSpec spec, Func<IWorkloadGrain, Task<T>> question)
    {
        var anywhere = Find(spec.EffectiveName);
        var silos = await ReadSilos();
        var able = silos.Reports
            .Where(report => WorkloadName.Obstacle(spec, report.Workloads) is null)
            .OrderBy(report => report.Failing.ContainsKey(spec.EffectiveName))
            .ThenBy(static report => report.Taken)
            .Take(MaxAttempts)
            .ToList();
        if (able.Count == 0)
        {
            WorkloadName[] known = [.. silos.Reports.SelectMany(static report => report.Workloads).Distinct()];
            if (silos.IsComplete && known.Length > 0) throw new JobRefusedException(WorkloadName.Fault(spec, known)!);
            return await question(anywhere);
        }

        foreach (var report in able.SkipLast(1))
        {
            try
            {
                return await question(On(report));
            }
            catch (WorkloadFailedException)
            {
                // The next one may have the data.
            }
        }

        return await question(On(able[^1]));

        // Each silo has a key of its own, because Orleans remembers where the grain of a key is.
        IWorkloadGrain On(SiloReport report) => grains.GetGrain<IWorkloadGrain>(NamedSiloDirector.Key(spec.EffectiveName, report.Address));
    }

    /// <summary>What the silos report; nothing if the directory does not answer, or is of an earlier version.</summary>
    public async Task<SiloReports> ReadSilos()
    {
        try
        {
            return await grains.GetGrain<ISiloDirectoryGrain>(0).GetReports();
        }
        catch (Exception)
        {
            return SiloReports.Unknown;
        }
    }

    private IWorkloadGrain Find(string job)
    {
        try
        {
            return grains.GetGrain<IWorkloadGrain>(job);
        }
        catch (ArgumentException unknown)
        {
            throw new JobRefusedException($"name = {job}: no silo of the cluster computes yet; start one with the role worker or all ({unknown.Message})");
        }
    }
}

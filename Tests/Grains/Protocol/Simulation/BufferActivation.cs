using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>Mimics the shell of a buffer: one activation, from what is stored or from nothing.</summary>
internal sealed class BufferActivation
{
    private readonly BufferCore core = new();
    private readonly World world;
    private readonly int buffer;
    private int tag;

    public BufferActivation(World world, int buffer)
    {
        this.world = world;
        this.buffer = buffer;
        (var content, tag) = world.Disk.Read(buffer);
        if (content is not null) core.Restore(content);
    }

    public bool IsDead { get; private set; }

    public bool IsOutdated => tag != world.Disk.TagOf(buffer);

    public void Die() => IsDead = true;

    public SubmitResult Submit(Submission submission)
    {
        ThrowIfDead();
        if (!core.IsJoined && world.Model.Join(buffer, core.Report()) is { } opening) core.Open(opening);
        var result = core.Submit(submission);
        if (result.Refusal is not null) return result;
        if (core.PersistBeforeAcknowledging) Save();
        world.Acknowledged(submission);
        if (core.Filled == 1 && !world.IsLost()) world.Model.BufferFull(buffer, core.Round);
        return result;
    }

    public BufferReport Open(BufferOpening opening)
    {
        ThrowIfDead();
        core.Open(opening);
        return core.Report();
    }

    public SealedRound? Seal(ModelVersion version, int mappingEpoch)
    {
        ThrowIfDead();
        var sealedRound = core.Seal(version, mappingEpoch);
        if (sealedRound is not null && core.PersistBeforeAcknowledging) Save();
        return sealedRound is null ? null : sealedRound with { Mean = sealedRound.Mean.Share() };
    }

    public void Commit(ModelVersion version)
    {
        ThrowIfDead();
        core.Commit(version);
    }

    public BufferReport GetReport()
    {
        ThrowIfDead();
        return core.Report();
    }

    public BufferHoldings GetHoldings() => core.Holdings();

    public void ShutDown()
    {
        if (!IsDead && core.IsJoined) Save();
        Die();
    }

    private void Save()
    {
        try
        {
            tag = world.Disk.Write(buffer, core.Save(), tag);
        }
        catch (Exception failure) when (failure is ConflictException or StorageException)
        {
            Die();
            throw new LostException();
        }
    }

    private void ThrowIfDead()
    {
        if (IsDead) throw new LostException();
    }
}

using System.Buffers.Binary;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>The newest stored version of a job's model, reached past the silos.</summary>
internal interface IStoredModels
{
    Task<StoredModel> Read(string job);

    /// <summary>Puts another in its place, as storage that has gone wrong does.</summary>
    Task Put(string job, StoredModel model);
}

/// <param name="ETag">Where it is kept apart from the bytes and can be chosen; else empty.</param>
internal sealed record StoredModel(byte[] Bytes, string ETag)
{
    /// <summary>As the header of a stored state says it.</summary>
    public long Step => BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(16));

    /// <summary>In the middle, among the parameters.</summary>
    public StoredModel WithFlippedBit()
    {
        var bytes = (byte[])Bytes.Clone();
        bytes[bytes.Length / 2] ^= 1;
        return this with { Bytes = bytes };
    }

    public StoredModel Truncated() => this with { Bytes = Bytes[..(Bytes.Length / 2)] };
}

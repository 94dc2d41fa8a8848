using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Networking.Shared;

namespace Basgd.Grains.Hosting;

/// <summary>
/// Lets connections receive 64 KiB at a time. Orleans takes 4 KiB blocks, so two system calls for each 4 KiB of a gradient, and
/// has no public setting for it.
/// </summary>
internal static class LargeReceives
{
    public static IServiceCollection AddLargeReceives(this IServiceCollection services) =>
        services.Configure<SocketConnectionOptions>(static options => SetPool(options, static () => Blocks.Instance));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_MemoryPoolFactory")]
    private static extern void SetPool(SocketConnectionOptions options, Func<MemoryPool<byte>> factory);

    /// <summary>Blocks of one size, whatever smaller one is asked for.</summary>
    private sealed class Blocks : MemoryPool<byte>
    {
        public static readonly Blocks Instance = new();

        private const int Size = 1 << 16;

        /// <summary>64 MiB; what comes back beyond that is collected.</summary>
        private const int Kept = 1 << 10;

        private readonly ConcurrentQueue<Block> free = new();

        public override int MaxBufferSize => Size;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, Size);
            return free.TryDequeue(out var block) ? block : new Block(this);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block(Blocks pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

            public void Dispose()
            {
                if (pool.free.Count < Kept) pool.free.Enqueue(this);
            }
        }
    }
}

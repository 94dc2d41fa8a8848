using System.Buffers;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using Orleans.Serialization.WireProtocol;

namespace Basgd.Grains.Tests.Vectors;

public sealed class ParameterVectorCodecTests : IDisposable
{
    private const long LittleMemory = 1 << 20;

    private readonly ServiceProvider services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(Submission).Assembly).AddAssembly(typeof(BufferRecord).Assembly))
        .BuildServiceProvider();

    private Serializer Serializer => services.GetRequiredService<Serializer>();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public void A_message_comes_back_as_it_was(int length)
    {
        var sent = SubmissionOf(Ramp(length));

        var received = Serializer.Deserialize<Submission>(Serializer.SerializeToArray(sent))!;

        received.Gradient!.Span.SequenceEqual(sent.Gradient!.Span).ShouldBeTrue();
        (received with { Gradient = sent.Gradient }).ShouldBe(sent);
    }

    [Fact]
    public void Every_bit_pattern_comes_back_as_it_was() =>
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle).Array.Sample(values =>
        {
            var received = Serializer.Deserialize<ParameterVector>(Serializer.SerializeToArray(ParameterVector.CopyOf(values)))!;
            received.Span.ToArray().Select(BitConverter.SingleToUInt32Bits).ShouldBe(values.Select(BitConverter.SingleToUInt32Bits));
        });

    [Fact]
    public void Null_stays_null()
    {
        var received = Serializer.Deserialize<BufferRecord>(Serializer.SerializeToArray(new BufferRecord { Mean = null, LossSum = 2 }))!;

        received.Mean.ShouldBeNull();
        received.LossSum.ShouldBe(2);
    }

    [Fact]
    public void The_means_of_a_buffers_workers_are_stored()
    {
        var stored = new BufferRecord { WorkerMeans = new() { [3] = Ramp(10), [5] = Ramp(20) }, Contributions = [new(3, 0), new(5, 7)] };

        var received = Serializer.Deserialize<BufferRecord>(Serializer.SerializeToArray(stored))!;

        received.Dimension.ShouldBe(10);
        var means = received.ToContent().Means;
        means.Keys.ShouldBe([3, 5], ignoreOrder: true);
        means[3].Span.ToArray().ShouldBe(Ramp(10).Span.ToArray());
        means[5].Span.ToArray().ShouldBe(Ramp(20).Span.ToArray());
    }

    [Fact]
    public void A_vector_that_is_there_twice_travels_once()
    {
        var mean = Ramp(1_000);
        var bytes = Serializer.SerializeToArray(new BufferRecord { Mean = mean, Sealed = new SealedRound(1, mean, [new Contribution(0, 3)], 1.5) });

        var received = Serializer.Deserialize<BufferRecord>(bytes)!;

        bytes.Length.ShouldBeLessThan(2 * 4 * mean.Length);
        received.Sealed!.Mean.ShouldBeSameAs(received.Mean);
        received.Sealed.Contributions.ShouldBe([new Contribution(0, 3)]);
    }

    [Fact]
    public void A_large_vector_takes_four_bytes_a_float()
    {
        const int Length = 5_000_000;

        var bytes = Serializer.SerializeToArray(SubmissionOf(Ramp(Length)));

        ((double)bytes.Length / Length).ShouldBeLessThan(4.01);
        Serializer.Deserialize<Submission>(bytes)!.Gradient!.Span[^1].ShouldBe(Length - 1);
    }

    [Fact]
    public void A_message_in_pieces_is_put_together() =>
        Gen.Select(Gen.Int[0, 3_000], Gen.Int[1, 700]).Sample((length, piece) =>
        {
            var sent = Ramp(length);
            var received = Serializer.Deserialize<Submission>(InPieces(Serializer.SerializeToArray(SubmissionOf(sent)), piece))!;
            received.Gradient!.Span.SequenceEqual(sent.Span).ShouldBeTrue();
        });

    [Fact]
    public void A_message_cut_off_anywhere_is_refused()
    {
        var whole = Serializer.SerializeToArray(Ramp(50));

        for (var kept = 0; kept < 200; kept++)
            Should.Throw<Exception>(() => Serializer.Deserialize<ParameterVector>(whole.AsMemory(0, kept)), $"cut off after {kept} bytes");
    }

    [Fact]
    public void A_length_that_the_message_does_not_hold_is_refused_before_memory_is_taken()
    {
        var forged = Serializer.SerializeToArray(SubmissionOf(Ramp(10_000_000))).AsMemory(0, 1_000);

        RefusedCheaply(() => Serializer.Deserialize<Submission>(forged)).ShouldContain("must be at most the");
        RefusedCheaply(() => Serializer.Deserialize<Submission>(InPieces(forged, 100))).ShouldContain("must be at most the");
    }

    [Theory]
    [InlineData(7u, "multiple of 4")]
    [InlineData(uint.MaxValue - 3, "at most 2147483644")]
    public void A_length_that_no_vector_has_is_refused(uint claimed, string rule)
    {
        var forged = Forge(claimed, new byte[16]);

        RefusedCheaply(() => Serializer.Deserialize<ParameterVector>(forged)).ShouldContain(rule);
    }

    [Fact]
    public void Nothing_is_copied_inside_a_silo()
    {
        var copier = services.GetRequiredService<DeepCopier>();
        var message = SubmissionOf(Ramp(3));

        copier.Copy(message).ShouldBeSameAs(message);
        copier.Copy(message.Gradient).ShouldBeSameAs(message.Gradient);
    }

    public void Dispose() => services.Dispose();

    private static string RefusedCheaply(Action read)
    {
        // The first time codecs are looked up and compiled.
        Should.Throw<SerializerException>(read);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Should.Throw<SerializerException>(read);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(LittleMemory);
        return refusal.Message;
    }

    private static ParameterVector Ramp(int length) => ParameterVector.CopyOf([.. Enumerable.Range(0, length).Select(i => (float)i)]);

    private static Submission SubmissionOf(ParameterVector gradient) => new(3, 17, 1, new ModelVersion(0, 41), 0.25, gradient);

    private byte[] Forge(uint claimed, byte[] content)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var session = services.GetRequiredService<SerializerSessionPool>().GetSession();
        var writer = Writer.Create(bytes, session);
        ReferenceCodec.MarkValueField(session);
        writer.WriteFieldHeader(0, typeof(ParameterVector), typeof(ParameterVector), WireType.LengthPrefixed);
        writer.WriteVarUInt32(claimed);
        writer.Write(content);
        writer.Commit();
        return bytes.WrittenSpan.ToArray();
    }

    private static ReadOnlySequence<byte> InPieces(ReadOnlyMemory<byte> whole, int size)
    {
        var first = new Piece(whole[..Math.Min(size, whole.Length)], 0);
        var last = first;
        for (var at = size; at < whole.Length; at += size) last = last.Append(whole[at..Math.Min(at + size, whole.Length)]);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> content, long at) => (Memory, RunningIndex) = (content, at);

        public Piece Append(ReadOnlyMemory<byte> content)
        {
            var next = new Piece(content, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

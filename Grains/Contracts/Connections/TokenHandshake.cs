using System.IO.Pipelines;
using System.Security.Cryptography;
using Basgd.Contracts.Access;
using Microsoft.AspNetCore.Connections;

namespace Basgd.Contracts.Connections;

/// <summary>
/// The first bytes of a connection where a cluster asks for tokens: <c>hello</c>, a nonce, its HMAC-SHA256 under the token, a
/// verdict. So nobody without a token is heard by anything behind it, and no token travels.
/// </summary>
public static class TokenHandshake
{
    private const int NonceLength = 32;
    private const byte Welcome = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static ReadOnlySpan<byte> Hello => "basgd1"u8;

    /// <summary>The side that asks for a token.</summary>
    /// <param name="tokens">Any of them will do.</param>
    /// <exception cref="ConnectionRefusedException">The other side has none of them.</exception>
    public static async Task Accept(ConnectionContext connection, ConnectionDelegate next, IReadOnlyList<string> tokens, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        try
        {
            if (!await connection.Speaks(patience.Token)) return;

            // A length in Orleans' words, which are all that somebody without a token has to say.
            if (!(await Read(input, Hello.Length, patience.Token)).AsSpan().SequenceEqual(Hello)) throw new ConnectionRefusedException(ConnectionRefusal.NoToken, "it has no token");
            await output.WriteAsync(nonce, patience.Token);
            var answer = await Read(input, HMACSHA256.HashSizeInBytes, patience.Token);

            // All of them, so that the time tells nothing.
            var isRight = tokens.Aggregate(false, (found, token) => CryptographicOperations.FixedTimeEquals(answer, Token.Answer(token, nonce)) | found);
            await output.WriteAsync(new[] { isRight ? Welcome : (byte)0 }, patience.Token);
            if (!isRight) throw new ConnectionRefusedException(ConnectionRefusal.WrongToken, "its token is another one");
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            throw new ConnectionRefusedException(ConnectionRefusal.NoToken, $"it has no token ({failure.Message})", failure);
        }

        await next(connection);
    }

    /// <summary>The side that has the token.</summary>
    /// <exception cref="ConnectionRefusedException">It is not one of those asked for, none is asked for, or nobody says which.</exception>
    public static async Task Connect(ConnectionContext connection, ConnectionDelegate next, string token, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var isAsked = false;
        var isRight = false;
        try
        {
            await output.WriteAsync(Hello.ToArray(), patience.Token);
            var nonce = await Read(input, NonceLength, patience.Token);
            isAsked = true;
            await output.WriteAsync(Token.Answer(token, nonce), patience.Token);
            isRight = (await Read(input, 1, patience.Token))[0] == Welcome;
        }
        catch (Exception failure) when (!isAsked && failure is IOException or OperationCanceledException)
        {
            throw new ConnectionRefusedException(ConnectionRefusal.NoToken, "it asks for no token, so give none, or for TLS first", failure);
        }
        catch (Exception failure) when (failure is IOException or ConnectionAbortedException)
        {
            // The other side closed the connection: its verdict may have been lost with it.
        }
        catch (OperationCanceledException failure)
        {
            throw new ConnectionRefusedException(ConnectionRefusal.WrongToken, "it does not say whether its tokens are others than the one given", failure);
        }

        if (!isRight) throw new ConnectionRefusedException(ConnectionRefusal.WrongToken, "its tokens are others than the one given");
        await next(connection);
    }

    /// <exception cref="EndOfStreamException">The other side closed the connection.</exception>
    private static async Task<byte[]> Read(PipeReader input, int length, CancellationToken cancellationToken)
    {
        var read = await input.ReadAtLeastAsync(length, cancellationToken);
        if (read.Buffer.Length < length) throw new EndOfStreamException("the connection was closed");
        var bytes = new byte[length];
        var part = read.Buffer.Slice(0, length);
        var at = 0;
        foreach (var segment in part)
        {
            segment.CopyTo(bytes.AsMemory(at));
            at += segment.Length;
        }

        input.AdvanceTo(part.End);
        return bytes;
    }
}

using System.Text;

namespace Basgd.Contracts.Programs;

/// <summary>Writes if it can: a standard error that is closed or full must not end what is otherwise well.</summary>
/// <param name="open">Called for each write: to open a closed one fails, too.</param>
public sealed class QuietWriter(Func<TextWriter> open) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Standard error. A terminal is left as it is, so that it is known for one.</summary>
    public static TextWriter Error() => Console.IsErrorRedirected ? new QuietWriter(static () => Console.Error) : Console.Error;

    /// <inheritdoc/>
    public override void Write(char value) => Try(inner => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(inner => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(inner => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(inner => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(static inner => inner.Flush());

    private void Try(Action<TextWriter> write)
    {
        try
        {
            write(open());
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody reads it.
        }
    }
}

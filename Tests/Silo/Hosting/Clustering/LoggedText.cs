using System.Text;
using Microsoft.Extensions.Logging;

namespace Basgd.Silo.Tests.Hosting.Clustering;

/// <summary>All that was logged, exceptions and values with it.</summary>
internal sealed class LoggedText : ILoggerProvider, ILogger
{
    private readonly StringBuilder text = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (text) text.AppendLine(formatter(state, exception)).Append(exception).AppendLine();
    }

    public override string ToString()
    {
        lock (text) return text.ToString();
    }

    public void Dispose()
    {
    }
}

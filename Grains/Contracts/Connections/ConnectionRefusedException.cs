namespace Basgd.Contracts.Connections;

/// <summary>One side does not let the other in; the message says why, in words that follow its name.</summary>
public sealed class ConnectionRefusedException(string message, Exception? inner = null) : Exception(message, inner);

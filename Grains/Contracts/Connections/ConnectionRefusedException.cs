namespace Basgd.Contracts.Connections;

/// <summary>One side does not let the other in; the message says why, in words that follow its name.</summary>
public sealed class ConnectionRefusedException(ConnectionRefusal reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public ConnectionRefusal Reason { get; } = reason;
}

/// <summary>Why a connection is refused, of the kinds that are counted.</summary>
public enum ConnectionRefusal
{
    /// <summary>One side shows no token, or asks for none though the other side has one.</summary>
    NoToken,

    /// <summary>The token is not one of those asked for.</summary>
    WrongToken,

    /// <summary>One side does not speak TLS.</summary>
    NoTls,

    /// <summary>One side shows no certificate, or one that the other side does not believe: another authority, expired, or for another use.</summary>
    WrongCertificate,
}

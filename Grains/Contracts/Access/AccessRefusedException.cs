namespace Basgd.Contracts.Access;

/// <summary>The caller may not do this; the message says what is asked for.</summary>
[GenerateSerializer, Alias("basgd.access-refused")]
public sealed class AccessRefusedException(string message) : Exception(message);

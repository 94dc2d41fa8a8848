namespace Basgd.Protocol;

/// <summary>Training blew up. The newest finite model stays as it is.</summary>
public sealed class DivergedException(string message) : Exception(message);

namespace Basgd.Contracts.Access;

/// <summary>The method changes nothing and computes little: whoever may look may call it. All others are for those who may act.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LookAttribute : Attribute;

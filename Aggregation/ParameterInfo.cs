namespace Basgd.Aggregation;

/// <summary>One parameter of a rule or an attack.</summary>
/// <param name="Name">Its key in <c>name(key=value)</c>.</param>
/// <param name="Default">What it is when not given; null where the job decides (<c>f</c> is then the number r of Byzantine workers the job assumes).</param>
/// <param name="Meaning">One line: what it is and which values are allowed.</param>
public sealed record ParameterInfo(string Name, double? Default, string Meaning);

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Contracts.Access;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Hosting.Access;

/// <summary>
/// The tokens that open a cluster; section <c>Basgd:Access</c>, the same on all silos of a cluster. Each may be several, with blanks
/// between, while they are being changed.
/// </summary>
[OptionsSection("Basgd:Access")]
public sealed class AccessOptions : IValidatableObject
{
    public const string Section = "Basgd:Access";

    [Description(
        "A client with this token may do everything, and so may a silo. At least 16 characters; the same on all silos of a cluster; several with "
        + "blanks between while it is changed.")]
    [PasswordPropertyText(true)]
    public string? ActToken { get; set; }

    [Description("A client with this token may look: status, histories, silos, and weights. Needs an `ActToken`, and must be another.")]
    [PasswordPropertyText(true)]
    public string? LookToken { get; set; }

    /// <summary>Empty for a cluster that asks for none.</summary>
    internal IReadOnlyList<string> Act => Token.Split(ActToken);

    internal IReadOnlyList<string> Look => Token.Split(LookToken);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        const string Length = "must have at least 16 characters";
        if (Act.Any(static token => token.Length < Token.LeastLength)) yield return new ValidationResult(Length, [nameof(ActToken)]);
        if (Look.Any(static token => token.Length < Token.LeastLength)) yield return new ValidationResult(Length, [nameof(LookToken)]);
        if (Look.Count > 0 && Act.Count == 0) yield return new ValidationResult($"must be given where {Section}:{nameof(LookToken)} is", [nameof(ActToken)]);
        if (Look.Intersect(Act).Any()) yield return new ValidationResult($"must be another than {Section}:{nameof(ActToken)}", [nameof(LookToken)]);
    }
}

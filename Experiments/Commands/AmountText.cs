using System.Globalization;
using Basgd.Simulator;

namespace Basgd.Experiments.Commands;

/// <summary>Amounts as they are written: <c>10 epochs</c>, <c>5000 gradients</c>, <c>300 steps</c>, <c>60 seconds</c>.</summary>
internal static class AmountText
{
    /// <exception cref="ArgumentException">It has another form.</exception>
    public static Amount Parse(string option, string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is [var number, var measure]
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
            && Enum.TryParse<Measure>(measure, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? new Amount(value, known)
            : throw new ArgumentException($"{option} = {text}: must be a number > 0 and one of epochs, gradients, steps, seconds, such as '10 epochs'");
    }
}

namespace Basgd.Protocol;

/// <summary>η by epoch: multiplied by a factor at each of the given epochs.</summary>
public static class LearningRate
{
    public static double At(double epoch, double initial, double factor, IReadOnlyList<double> decayAtEpochs) =>
        initial * Math.Pow(factor, decayAtEpochs.Count(at => epoch >= at));
}

using System.Reflection;

namespace Basgd.Browser.Tests.Fakes;

/// <summary>Answers any question for a grain with the one of its kind.</summary>
public class FakeGrains : DispatchProxy
{
    private IReadOnlyDictionary<Type, object> grains = new Dictionary<Type, object>();

    /// <param name="grains">By interface.</param>
    public static IGrainFactory Of(IReadOnlyDictionary<Type, object> grains)
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory).grains = grains;
        return factory;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => grains[targetMethod!.ReturnType];
}

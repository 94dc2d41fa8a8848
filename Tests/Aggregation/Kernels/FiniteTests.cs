using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class FiniteTests
{
    [Fact]
    public void Finds_the_one_value_that_is_not_wherever_it_is()
    {
        for (var d = 0; d <= 67; d++)
        {
            var values = Enumerable.Repeat(float.MaxValue, d).ToArray();
            Finite.All(values).ShouldBeTrue();
            for (var k = 0; k < d; k++)
            {
                foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    values[k] = bad;
                    Finite.All(values).ShouldBeFalse($"{bad} at {k} of {d}");
                    Finite.All([.. values.Select(static x => (double)x)]).ShouldBeFalse($"{bad} at {k} of {d}");
                }

                values[k] = -float.MaxValue;
            }
        }
    }
}

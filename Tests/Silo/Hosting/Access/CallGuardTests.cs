using Basgd.Contracts;
using Basgd.Contracts.Access;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Tests.Hosting.Access;

public sealed class CallGuardTests
{
    [Theory]
    [InlineData("short", null, "Basgd:Access:ActToken = ***: must have at least 16 characters")]
    [InlineData(null, "0123456789abcdef", "Basgd:Access:ActToken = : must be given where Basgd:Access:LookToken is")]
    [InlineData("0123456789abcdef", "0123456789abcdef", "Basgd:Access:LookToken = ***: must be another than Basgd:Access:ActToken")]
    public void Tokens_that_will_not_do_are_refused_without_showing_them(string? act, string? look, string problem) =>
        Should.Throw<OptionsValidationException>(() => SiloSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Basgd:Access:ActToken", act), new("Basgd:Access:LookToken", look)]).Build()))
            .Message.ShouldContain(problem);

    /// <summary>A new method is for those who may act until somebody says otherwise, here and there.</summary>
    [Fact]
    public void These_only_look()
    {
        var looks =
            from type in typeof(JobSpec).Assembly.GetTypes()
            where type.IsInterface
            from method in type.GetMethods()
            where method.IsDefined(typeof(LookAttribute), inherit: false)
            select $"{type.Name}.{method.Name}";
        looks.ShouldBe(
            [
                "ITrainingJobGrain.GetStatus", "ITrainingJobGrain.GetHistory", "ITrainingJobGrain.GetWorkers", "ITrainingJobGrain.GetLayout", "ITrainingJobGrain.GetUsage", "ITrainingJobGrain.ReadParameters",
                "ITrainingJobGrain.ReadLedger", "ITrainingJobGrain.GetRounds", "ITrainingJobGrain.GetHoldings", "IJobDirectoryGrain.List",
                "ISiloDirectoryGrain.List", "ISiloDirectoryGrain.ListDead", "ISiloDirectoryGrain.GetReports", "IWorkloadCatalogGrain.Models", "IWorkloadCatalogGrain.Datasets",
            ],
            ignoreOrder: true);
    }
}

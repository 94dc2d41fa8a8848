using Basgd.Client.Clusters;

namespace Basgd.Client.Tests.Clusters;

[Trait("category", "slow")]
public sealed class OrleansConnectionTests
{
    [Theory]
    [InlineData("redis://:secret@127.0.0.1:1", "no basgd silo answers at redis://:***@127.0.0.1:1 (Redis cannot be reached)")]
    [InlineData("postgres://basgd:secret@127.0.0.1:1/jobs", "no basgd silo answers at postgres://basgd:***@127.0.0.1:1/jobs (Failed to connect to 127.0.0.1:1)")]
    public async Task Whoever_finds_nothing_at_the_address_is_told_so(string address, string said) =>
        (await Should.ThrowAsync<ClusterException>(() => OrleansConnection.Open(address, "basgd", Credentials.None, CancellationToken.None))).Message.ShouldBe(said);
}

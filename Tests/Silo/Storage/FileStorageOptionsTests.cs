using Basgd.Grains.Hosting;
using Basgd.Silo.Storage;

namespace Basgd.Silo.Tests.Storage;

public sealed class FileStorageOptionsTests
{
    [Theory]
    [InlineData("", 2, "file storage:Directory = : must be given")]
    [InlineData("state", 0, "file storage:CheckpointsKept = 0: must be 1 … 100")]
    [InlineData("state", 101, "file storage:CheckpointsKept = 101: must be 1 … 100")]
    public void A_wrong_option_is_named_with_its_value_and_rule(string directory, int kept, string problem) =>
        Check(new FileStorageOptions { Directory = directory, CheckpointsKept = kept }).ShouldBe([problem]);

    [Fact]
    public void The_defaults_need_a_directory_only() => Check(new FileStorageOptions { Directory = "state" }).ShouldBeEmpty();

    private static IReadOnlyList<string> Check(FileStorageOptions options) => OptionsRules.Check(options, "file storage");
}

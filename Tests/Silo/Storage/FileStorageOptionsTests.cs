using System.ComponentModel.DataAnnotations;
using Basgd.Silo.Storage;

namespace Basgd.Silo.Tests.Storage;

public sealed class FileStorageOptionsTests
{
    [Theory]
    [InlineData("", 2, "Directory = ''")]
    [InlineData("state", 0, "CheckpointsKept = 0: must be 1")]
    [InlineData("state", 101, "CheckpointsKept = 101: must be 1")]
    public void A_wrong_option_is_named_with_its_value_and_rule(string directory, int kept, string problem) =>
        Should.Throw<ValidationException>(() => new FileStorageOptions { Directory = directory, CheckpointsKept = kept }.Validate()).Message.ShouldStartWith(problem);

    [Fact]
    public void The_defaults_need_a_directory_only() => new FileStorageOptions { Directory = "state" }.Validate();
}

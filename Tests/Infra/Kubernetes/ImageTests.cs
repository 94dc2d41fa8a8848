using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>An image has one name wherever it is written, and a version in place of "latest".</summary>
public sealed partial class ImageTests
{
    /// <summary>Of what is built, and so of its images.</summary>
    public static string Version { get; } = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    public static TheoryData<string> Overlays => Overlay.Every;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Silos_run_an_image_of_this_version(string name)
    {
        foreach (var (pod, template) in (await Overlay.Build(name)).Silos)
        {
            var image = template.Spec.Containers[0].Image;
            image.ShouldMatch(@"(^|/)basgd-silo(-cuda)?[:@]", pod);
            if (!image.Contains('@', StringComparison.Ordinal)) image.ShouldEndWith($":{Version}", Case.Sensitive, pod);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_other_image_has_a_release_or_a_digest(string name)
    {
        foreach (var (pod, container) in (await Overlay.Build(name)).Containers)
            container.Image.ShouldMatch(@":v?\d+\.\d+\.\d+(-[a-z]+)?(@sha256:[0-9a-f]{64})?$|@sha256:[0-9a-f]{64}$", pod);
    }

    [Fact]
    public void The_images_have_three_names_and_no_more()
    {
        foreach (var (file, text) in Written)
            foreach (var image in Image().Matches(text).Select(static match => match.Value))
                image.ShouldBeOneOf([$"basgd-silo:{Version}", $"basgd-silo-cuda:{Version}", $"basgd:{Version}"], file);
    }

    [Fact]
    public void Nothing_is_called_latest()
    {
        foreach (var (file, text) in Written) text.ShouldNotMatch(@":\s*latest\b|latest-cuda", file);
    }

    /// <summary>What people copy from, and what runs.</summary>
    private static IEnumerable<(string File, string Text)> Written =>
        from folder in new[] { "Infra", "docs", "samples" }
        from path in Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories)
        where Path.GetExtension(path) is ".md" or ".sh" or ".yaml" or ".json" or ".bicep" or ""
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
        select (path, File.ReadAllText(path));

    /// <summary>A name of ours with a tag that is no variable's.</summary>
    [GeneratedRegex(@"(?<![\w.-])basgd(-silo(-cuda)?)?:(?:\d|latest|cuda)[\w.-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Image();
}

using System.Reflection;
using System.Xml.Linq;
using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Basgd.Protocol;
using Basgd.Silo.Hosting;
using Basgd.Simulator;

namespace Basgd.Silo.Tests;

/// <summary>What may know what: the mathematics and the protocol know nothing of the machinery around them.</summary>
public class LayeringTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<string, Assembly> Layers = new()
    {
        ["Aggregation"] = typeof(Rules).Assembly,
        ["Contracts"] = typeof(JobSpec).Assembly,
        ["Learning.Abstractions"] = typeof(IWorkload).Assembly,
        ["Learning"] = typeof(Workloads).Assembly,
        ["Grains"] = typeof(BasgdServices).Assembly,
        ["Silo"] = typeof(SiloHost).Assembly,
        ["Simulator"] = typeof(Simulation).Assembly,
    };

    [Theory]
    [InlineData("Aggregation", "Orleans", "TorchSharp", "Basgd.")]
    [InlineData("Learning.Abstractions", "Orleans", "TorchSharp", "Basgd.")]
    [InlineData("Contracts", "TorchSharp", "Basgd.Grains", "Basgd.Learning", "Basgd.Silo")]
    [InlineData("Learning", "Orleans", "Basgd.Grains", "Basgd.Contracts", "Basgd.Silo")]
    [InlineData("Grains", "TorchSharp", "Basgd.Silo")]
    [InlineData("Simulator", "TorchSharp", "Basgd.Silo")]
    public void ALayerDoesNotReference(string layer, params string[] forbidden)
    {
        foreach (var reference in References(layer))
            forbidden.ShouldNotContain(name => reference.StartsWith(name, StringComparison.Ordinal), $"Basgd.{layer} references {reference}");
    }

    [Theory]
    [InlineData("Grains")]
    [InlineData("Simulator")]
    public void LearningIsKnownByItsAbstractionsOnly(string layer) =>
        References(layer).Where(name => name.StartsWith("Basgd.Learning", StringComparison.Ordinal)).ShouldBe(["Basgd.Learning.Abstractions"]);

    [Fact]
    public void TheProtocolKnowsNothingOfOrleans()
    {
        var protocol = Layers["Grains"].GetTypes().Where(type => type.Namespace == typeof(BufferCore).Namespace).ToList();
        protocol.ShouldContain(typeof(BufferCore));
        foreach (var type in protocol)
            Mentioned(type).ShouldNotContain(used => IsOrleans(used), $"{type} uses Orleans");
    }

    [Fact]
    public void TheClientKnowsTheContractsOnly() => ProjectReferences("Client/Client.csproj").ShouldBe(["Contracts"]);

    [Fact]
    public void OnlyBenchmarksSamplesAndTestsReferenceTheSilo()
    {
        var users = Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => ProjectReferences(path).Contains("Silo"))
            .Select(path => path.Split(Path.DirectorySeparatorChar)[0])
            .ToList();
        users.ShouldContain("Tests");
        users.ShouldBeSubsetOf(["Benchmarks", "Tests", "samples"]);
    }

    private static IEnumerable<string> References(string layer) => Layers[layer].GetReferencedAssemblies().Select(reference => reference.Name!);

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Load(Repository.PathOf(project)).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    /// <summary>Types in a type's signatures, attributes and local variables.</summary>
    private static IEnumerable<Type> Mentioned(Type type)
    {
        List<Type?> types = [type.BaseType, .. type.GetInterfaces(), .. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType)];
        types.AddRange(type.GetFields(Declared).Select(field => field.FieldType));
        types.AddRange(type.GetProperties(Declared).Select(property => property.PropertyType));
        foreach (var method in type.GetMembers(Declared).OfType<MethodBase>())
        {
            types.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            types.AddRange(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
            if (method is MethodInfo { ReturnType: var result }) types.Add(result);
        }

        return types.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        [type, .. type.GenericTypeArguments.SelectMany(Parts), .. type.GetElementType() is { } element ? Parts(element) : []];

    private static bool IsOrleans(Type type) => type.Namespace?.Split('.')[0] == "Orleans";
}

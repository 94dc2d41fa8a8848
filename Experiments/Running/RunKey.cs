using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Basgd.Aggregation;
using Basgd.Learning;
using Basgd.Protocol;
using Basgd.Simulator;

namespace Basgd.Experiments.Running;

/// <summary>A name for a run by everything that it depends on: the setup, and the code that simulates it.</summary>
internal static class RunKey
{
    /// <summary>A compiled assembly's identity changes with its source.</summary>
    private static readonly string Code = string.Join(',', new[] { typeof(Rules), typeof(Step), typeof(Workloads), typeof(SimulationSpec) }.Select(static type => type.Module.ModuleVersionId));

    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameServersAndDelays } },
    };

    /// <summary>64 hexadecimal digits.</summary>
    public static string Of(Setup setup) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Code + JsonSerializer.Serialize(setup, Options))));

    private static void NameServersAndDelays(JsonTypeInfo info)
    {
        if (info.Type != typeof(ServerSpec) && info.Type != typeof(IDelayModel)) return;
        info.PolymorphismOptions = new JsonPolymorphismOptions();
        foreach (var type in info.Type.Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && info.Type.IsAssignableFrom(type)))
            info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, type.Name));
    }
}

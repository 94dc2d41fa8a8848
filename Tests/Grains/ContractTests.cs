using System.Reflection;
using System.Runtime.CompilerServices;
using Basgd.Contracts;

namespace Basgd.Grains.Tests;

/// <summary>
/// What silos of different versions say to each other, and what they store, by the names and numbers it goes by. contract.txt has
/// it line by line: a line may be added, but one that is changed or gone breaks a rolling upgrade or a stored job.
/// </summary>
public sealed class ContractTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly Type[] Types = [.. new[] { typeof(ModelVersion).Assembly, typeof(ModelRecord).Assembly }.SelectMany(static assembly => assembly.GetTypes()).Where(static type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Namespace?.StartsWith("Basgd", StringComparison.Ordinal) == true)];

    [Fact]
    public void The_contract_is_the_one_that_is_written_down()
    {
        var path = Repository.PathOf("Tests/Grains/contract.txt");
        string[] actual = [.. Lines().Order(StringComparer.Ordinal)];
        if (Environment.GetEnvironmentVariable("BASGD_WRITE_CONTRACT") is not null) File.WriteAllLines(path, actual);
        File.ReadAllLines(path).ShouldBe(actual, "lines may be added, by BASGD_WRITE_CONTRACT=1 dotnet run -c Release --project Tests/Grains -- -class '*.ContractTests'; none that a released version has may change or go");
    }

    [Fact]
    public void Everything_that_travels_goes_by_a_name_of_its_own()
    {
        Types.Where(static type => type.IsDefined(typeof(GenerateSerializerAttribute)) && !typeof(Exception).IsAssignableFrom(type) && Name(type) is null).ShouldBeEmpty();
        Interfaces().Where(static type => Name(type) is null).ShouldBeEmpty();
        Interfaces().SelectMany(static type => type.GetMethods()).Where(static method => method.GetCustomAttribute<AliasAttribute>() is null).ShouldBeEmpty();
    }

    private static IEnumerable<string> Lines() =>
        (from type in Types
         where type.IsDefined(typeof(GenerateSerializerAttribute))
         from line in type.IsEnum ? Values(type) : Fields(type)
         select $"{Name(type) ?? type.FullName} {line}")
        .Concat(from type in Interfaces() from method in type.GetMethods() select $"{Name(type)}.{method.GetCustomAttribute<AliasAttribute>()?.Alias}({string.Join(", ", method.GetParameters().Select(static parameter => Show(parameter.ParameterType)))}) : {Show(method.ReturnType)}");

    private static IEnumerable<string> Fields(Type type) =>
        from member in type.GetMembers(Own)
        let id = member.GetCustomAttribute<IdAttribute>()
        where id is not null
        select $"{id.Id} {member.Name} : {Show(member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType)}";

    private static IEnumerable<string> Values(Type type) => Enum.GetValues(type).Cast<object>().Select(value => $"{Convert.ToInt64(value, null)} = {value}");

    private static IEnumerable<Type> Interfaces() => Types.Where(static type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));

    private static string? Name(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias;

    private static string Show(Type type)
    {
        if (type.IsArray) return $"{Show(type.GetElementType()!)}[]";
        if (!type.IsGenericType) return Name(type) ?? type.Name;
        return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Show))}>";
    }
}

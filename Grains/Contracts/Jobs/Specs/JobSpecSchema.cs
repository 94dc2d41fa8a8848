using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Basgd.Contracts;

/// <summary>The published JSON schema of a job spec's YAML, made from <see cref="JobSpec"/>. Rules between fields are not in it.</summary>
public static class JobSpecSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema (draft 7) as indented JSON, ending in a line feed.</summary>
    public static string Generate()
    {
        var defaults = new JobSpec();
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Basgd job spec",
            ["description"] = "One training run, as `basgd train spec.yaml` takes it.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(JobSpecField.All.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Property(field, defaults)))),
            ["definitions"] = new JsonObject { ["stage"] = Stage() },
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Property(JobSpecField field, JobSpec defaults)
    {
        var property = new JsonObject { ["description"] = field.Description };
        foreach (var (key, value) in Shape(field)) property[key] = value?.DeepClone();
        if (Default(field.Property.GetValue(defaults)) is { } given) property["default"] = given;
        return property;
    }

    private static JsonObject Shape(JobSpecField field)
    {
        if (field.IsStrategy) return field.IsPipeline ? OneOf(Stages("#/definitions/stage")) : Reference("#/definitions/stage");
        if (field.Type == typeof(Durability)) return new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames<Durability>().Select(static n => (JsonNode)n.ToLowerInvariant())]) };
        if (field.Type == typeof(string)) return new JsonObject { ["type"] = Type(field, "string") };
        if (field.Type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (field.Type == typeof(IReadOnlyList<double>)) return new JsonObject { ["type"] = "array", ["items"] = Bound(new JsonObject { ["type"] = "number" }, field.Bounds) };
        if (field.Type == typeof(ulong)) return new JsonObject { ["type"] = "integer", ["minimum"] = 0 };
        return Bound(new JsonObject { ["type"] = Type(field, field.Type == typeof(double) ? "number" : "integer") }, field.Bounds);
    }

    private static JsonNode Type(JobSpecField field, string type) => field.IsNullable ? new JsonArray(type, "null") : type;

    private static JsonObject Bound(JsonObject number, Bounds? bounds)
    {
        if (bounds is null) return number;
        number[bounds.Open ? "exclusiveMinimum" : "minimum"] = bounds.Min;
        if (bounds.Max is { } max) number[bounds.MaxOpen ? "exclusiveMaximum" : "maximum"] = max;
        return number;
    }

    private static JsonObject Stage() => OneOf(
        new JsonObject { ["type"] = "string", ["minLength"] = 1 },
        new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("name"),
            ["properties"] = new JsonObject
            {
                ["name"] = new JsonObject { ["type"] = "string" },
                ["parameters"] = new JsonObject
                {
                    ["type"] = new JsonArray("object", "null"),
                    ["additionalProperties"] = new JsonObject { ["type"] = "number" },
                },
            },
        });

    private static JsonObject[] Stages(string stage) =>
        [Reference(stage), new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Reference(stage) }];

    // A bare $ref hides its siblings in draft 7.
    private static JsonObject Reference(string target) => new() { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = target }) };

    private static JsonObject OneOf(params JsonObject[] forms) => new() { ["oneOf"] = new JsonArray([.. forms]) };

    private static JsonNode? Default(object? value) => value switch
    {
        null => null,
        Durability durability => durability.ToString().ToLowerInvariant(),
        IReadOnlyList<double> list => new JsonArray([.. list.Select(static v => (JsonNode)v)]),
        string text => text,
        bool choice => choice,
        ulong number => number,
        int or long or double => JsonNode.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => throw new NotSupportedException($"No default for {value.GetType()}."),
    };
}

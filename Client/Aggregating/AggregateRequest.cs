using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Basgd.Aggregation;

namespace Basgd.Client.Aggregating;

/// <summary>Answers requests to aggregate, JSON to JSON. Whatever is wrong with one is its answer.</summary>
internal static class AggregateRequest
{
    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="json">A request or a list of requests. Python's NaN, Infinity and -Infinity are read too.</param>
    /// <returns>An answer or a list of answers, and whether any is an error.</returns>
    public static (string Json, bool Failed) Answer(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        var failed = false;
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            try
            {
                using var document = JsonDocument.Parse(JsonNumbers.QuoteNonFinite(json), Tolerant);
                if (document.RootElement.ValueKind != JsonValueKind.Array)
                {
                    failed = !AnswerOne(document.RootElement, writer);
                }
                else
                {
                    writer.WriteStartArray();
                    foreach (var request in document.RootElement.EnumerateArray()) failed |= !AnswerOne(request, writer);
                    writer.WriteEndArray();
                }
            }
            catch (JsonException malformed)
            {
                failed = true;
                WriteError(writer, $"the input is not JSON: {malformed.Message}");
            }
        }

        return (Encoding.UTF8.GetString(output.WrittenSpan), failed);
    }

    private static bool AnswerOne(JsonElement request, Utf8JsonWriter writer)
    {
        try
        {
            var result = Aggregate(request);
            writer.WriteStartObject();
            writer.WriteStartArray("result");
            foreach (var value in result) JsonNumbers.Write(writer, value);
            writer.WriteEndArray();
            writer.WriteEndObject();
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // What our parameter is called is nothing to the caller.
            WriteError(writer, wrong is ArgumentException { ParamName: { } ours } ? wrong.Message.Replace($" (Parameter '{ours}')", "", StringComparison.Ordinal) : wrong.Message);
            return false;
        }
    }

    private static double[] Aggregate(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object) throw new FormatException("a request must be an object with rule, vectors and perhaps parameters");
        string? rule = null;
        JsonElement? parameters = null, vectors = null;
        HashSet<string> seen = [];
        foreach (var member in request.EnumerateObject())
        {
            if (!seen.Add(member.Name)) throw new FormatException($"{member.Name} is given twice");
            if (member.NameEquals("rule")) rule = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : throw new FormatException($"rule = {member.Value.GetRawText()}: must be a text");
            else if (member.NameEquals("parameters")) parameters = member.Value;
            else if (member.NameEquals("vectors")) vectors = member.Value;
            else throw new FormatException($"{member.Name}: unknown; known: rule, parameters, vectors");
        }

        var rows = Rows(vectors ?? throw new FormatException("vectors is missing"));
        var result = new double[rows[0].Length];
        var text = Text(rule ?? throw new FormatException("rule is missing"), parameters);
        var built = Rules.Create<double>(text);
        foreach (var stage in text.Split('|')) CheckComplete(NamedParameters.Parse(stage));
        built.Aggregate(rows, result);
        return result;
    }

    /// <summary>In a job <c>f</c> is what the job tolerates. Here nothing says what it is, and 0 would mean no protection.</summary>
    private static void CheckComplete(NamedParameters asked)
    {
        var info = Rules.All.Concat(Rules.PreAggregations).Single(info => info.Name == asked.Name);
        if (info.Parameters.FirstOrDefault(parameter => parameter.Default is null && !asked.Parameters.ContainsKey(parameter.Name)) is { } missing)
            throw new FormatException($"{asked.Name}: {missing.Name} is missing; give it in parameters, such as {{\"{missing.Name}\": 1}}, or in the rule's text, such as {asked.Name}({missing.Name}=1)");
    }

    private static string Text(string rule, JsonElement? parameters)
    {
        if (parameters is not { ValueKind: not JsonValueKind.Null } given) return rule;
        if (given.ValueKind != JsonValueKind.Object) throw new FormatException($"parameters = {given.GetRawText()}: must be an object of numbers by name");
        var numbers = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var parameter in given.EnumerateObject())
        {
            if (!numbers.TryAdd(parameter.Name, JsonNumbers.Read(parameter.Value, parameter.Name))) throw new FormatException($"{parameter.Name} is given twice");
        }

        if (numbers.Count == 0) return rule;
        return rule.Contains('(', StringComparison.Ordinal)
            ? throw new FormatException($"rule = {rule}: parameters must be given in the text or beside it, not both")
            : new NamedParameters(rule, numbers).ToString();
    }

    private static ReadOnlyMemory<double>[] Rows(JsonElement vectors)
    {
        if (vectors.ValueKind != JsonValueKind.Array || vectors.GetArrayLength() == 0) throw new FormatException("vectors must be a list of at least one vector");
        return [.. vectors.EnumerateArray().Select(static (row, i) => (ReadOnlyMemory<double>)Row(row, i))];
    }

    private static double[] Row(JsonElement row, int i)
    {
        if (row.ValueKind != JsonValueKind.Array) throw new FormatException($"vectors[{i}] must be a list of numbers");
        var values = new double[row.GetArrayLength()];
        var j = 0;
        foreach (var value in row.EnumerateArray())
        {
            values[j] = JsonNumbers.Read(value, $"vectors[{i}][{j}]");
            j++;
        }

        return values;
    }

    private static void WriteError(Utf8JsonWriter writer, string error)
    {
        writer.WriteStartObject();
        writer.WriteString("error", error);
        writer.WriteEndObject();
    }
}

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Basgd.Contracts;

/// <summary>A piece of a YAML document that remembers its line.</summary>
internal abstract record SpecNode(long Line)
{
    /// <summary>How deep lists and mappings may lie in each other. A spec needs three levels; each costs stack.</summary>
    private const int MaxDepth = 32;

    /// <summary>The value as a message shows it.</summary>
    public abstract override string ToString();

    /// <summary>Reads a text that holds one YAML document, or none.</summary>
    /// <returns>Null for an empty document.</returns>
    /// <exception cref="JobSpecException">The text is no YAML, or has anchors or more than one document.</exception>
    public static SpecNode? Read(string yaml)
    {
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _)) return null;
            parser.Consume<DocumentStart>();
            var node = Next(parser, depth: 1);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _)) throw Refuse(parser.Current!.Start.Line, "a second document", "a job spec is one YAML document");
            return node is SpecScalar { IsNull: true } ? null : node;
        }
        catch (YamlException malformed)
        {
            throw Refuse(malformed.Start.Line, "malformed YAML", malformed.Message);
        }
    }

    private static SpecNode Next(Parser parser, int depth)
    {
        if (depth > MaxDepth) throw Refuse(parser.Current?.Start.Line ?? 1, "a list or mapping", $"must be at most {MaxDepth} deep in others");
        if (parser.TryConsume<Scalar>(out var scalar)) return new SpecScalar(scalar.Start.Line, scalar.Value, scalar.Style == ScalarStyle.Plain);
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            List<SpecNode> items = [];
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Next(parser, depth + 1));
            return new SpecList(sequence.Start.Line, items);
        }

        if (parser.TryConsume<MappingStart>(out var mapping))
        {
            List<SpecEntry> entries = [];
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = Next(parser, depth + 1);
                if (key is not SpecScalar name) throw Refuse(key.Line, $"key {key}", "a key must be a plain name");
                entries.Add(new SpecEntry(name.Text, name.Line, Next(parser, depth + 1)));
            }

            return new SpecMap(mapping.Start.Line, entries);
        }

        throw Refuse(parser.Current!.Start.Line, "an alias", "anchors and aliases are not allowed");
    }

    private static JobSpecException Refuse(long line, string what, string rule) => new([$"line {line}: {what}: {rule}"]);
}

/// <param name="Plain">Not in quotes.</param>
internal sealed record SpecScalar(long Line, string Text, bool Plain) : SpecNode(Line)
{
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string ToString() => Plain ? Text : $"\"{Text}\"";
}

internal sealed record SpecList(long Line, IReadOnlyList<SpecNode> Items) : SpecNode(Line)
{
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

internal sealed record SpecMap(long Line, IReadOnlyList<SpecEntry> Entries) : SpecNode(Line)
{
    public override string ToString() => $"{{{string.Join(", ", Entries.Select(static e => $"{e.Key}: {e.Value}"))}}}";
}

internal sealed record SpecEntry(string Key, long Line, SpecNode Value);

using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Basgd.Contracts.Exporting;

/// <summary>
/// Hugging Face's safetensors: the header's length (8 bytes, little-endian), the header as JSON, the tensors' bytes.
/// https://github.com/huggingface/safetensors#format
/// </summary>
public static class SafeTensors
{
    /// <summary>Readers map the file: the data begin at a multiple of this.</summary>
    private const int Alignment = 8;

    public static void Write(Stream stream, Weights weights)
    {
        var header = new JsonObject
        {
            ["__metadata__"] = new JsonObject(weights.Metadata.Select(static entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
        };
        foreach (var (tensor, offset, length) in weights.Slices())
        {
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. tensor.Shape.Select(static d => (JsonNode)d)]),
                ["data_offsets"] = new JsonArray(offset, offset + length),
            };
        }

        var json = header.ToJsonString(JsonSerializerOptions.Default);
        var text = Encoding.UTF8.GetBytes(json.PadRight(json.Length + Padding(Encoding.UTF8.GetByteCount(json))));
        Span<byte> size = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(size, (ulong)text.Length);
        stream.Write(size);
        stream.Write(text);
        stream.Write(weights.Bytes);
    }

    private static int Padding(int length) => (Alignment - (length % Alignment)) % Alignment;
}

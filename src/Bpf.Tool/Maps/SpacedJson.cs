using System;
using System.Buffers;
using System.Text.Json;

namespace Bpf.Tool.Maps;

/// <summary>JSON for people: on one line, with spaces, as in <c>{ "pid": 12, "args": [1, 2] }</c>.</summary>
internal static class SpacedJson
{
    /// <summary>Writes a value spaced out.</summary>
    public static void Write(IBufferWriter<byte> text, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        JsonTokenType last = JsonTokenType.None;
        while (reader.Read())
        {
            bool ends = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (last is not (JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName) && !ends)
                text.Write(", "u8);
            else if (last == JsonTokenType.StartObject && !ends)
                text.Write(" "u8);
            if (reader.TokenType == JsonTokenType.EndObject && last != JsonTokenType.StartObject)
                text.Write(" "u8);

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                // The token ends with the colon; of strings, the value is without the quotes.
                text.Write("\""u8);
                text.Write(reader.ValueSpan);
                text.Write("\": "u8);
            }
            else
            {
                text.Write(json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);
            }

            last = reader.TokenType;
        }
    }
}

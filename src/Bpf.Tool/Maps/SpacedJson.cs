using System;
using System.Text;
using System.Text.Json;

namespace Bpf.Tool.Maps;

/// <summary>JSON for people: on one line, with spaces, as in <c>{ "pid": 12, "args": [1, 2] }</c>.</summary>
internal static class SpacedJson
{
    /// <summary>Spaces a value out.</summary>
    public static string Of(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder(json.Length * 5 / 4);
        var reader = new Utf8JsonReader(json);
        JsonTokenType last = JsonTokenType.None;
        while (reader.Read())
        {
            bool ends = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (last is not (JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName) && !ends)
                text.Append(", ");
            else if (last == JsonTokenType.StartObject && !ends)
                text.Append(' ');
            if (reader.TokenType == JsonTokenType.EndObject && last != JsonTokenType.StartObject)
                text.Append(' ');

            // Of strings, the value is without the quotes.
            ReadOnlySpan<byte> token = json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
            if (reader.TokenType == JsonTokenType.PropertyName)
                text.Append('"').Append(Encoding.UTF8.GetString(reader.ValueSpan)).Append("\": ");
            else
                text.Append(Encoding.UTF8.GetString(token));
            last = reader.TokenType;
        }

        return text.ToString();
    }
}

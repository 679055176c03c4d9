using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Tool.Output;

namespace Bpf.Tool.Events;

/// <summary>Takes an event apart into named texts; members of inner structs have the path for a name.</summary>
internal sealed class EventFields : IDisposable
{
    private readonly BtfValueFormatter _formatter;
    private readonly ArrayBufferWriter<byte> _value = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<(string Name, string Text, bool IsNumber)> _fields = [];

    public EventFields(BtfReader btf)
    {
        _formatter = new BtfValueFormatter(btf);
        _json = new Utf8JsonWriter(_value, JsonLines.Options);
    }

    /// <summary>The fields of an event; valid until the next call.</summary>
    public IReadOnlyList<(string Name, string Text, bool IsNumber)> Read(BtfTypeId id, ReadOnlySpan<byte> data)
    {
        _value.ResetWrittenCount();
        _json.Reset();
        _formatter.WriteJson(_json, id, data);
        _json.Flush();
        _fields.Clear();
        var reader = new Utf8JsonReader(_value.WrittenSpan);
        reader.Read();
        Add(ref reader, "");
        return _fields;
    }

    /// <summary>An event as one text.</summary>
    public string Format(BtfTypeId id, ReadOnlySpan<byte> data) => _formatter.Format(id, data);

    public void Dispose() => _json.Dispose();

    private void Add(ref Utf8JsonReader reader, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    string name = Printable.Text(reader.GetString()!);
                    reader.Read();
                    Add(ref reader, path.Length == 0 ? name : $"{path}.{name}");
                }

                break;
            case JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                _fields.Add((path, Encoding.UTF8.GetString(_value.WrittenSpan[start..(int)reader.BytesConsumed]), false));
                break;
            case JsonTokenType.String:
                _fields.Add((path, Printable.Text(reader.GetString()!), false));
                break;
            case JsonTokenType.Null:
                _fields.Add((path, "?", false));
                break;
            default:
                _fields.Add((path, Encoding.UTF8.GetString(reader.ValueSpan), reader.TokenType == JsonTokenType.Number));
                break;
        }
    }
}

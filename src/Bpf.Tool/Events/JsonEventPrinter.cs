using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Logging;
using Bpf.Tool.Output;

namespace Bpf.Tool.Events;

/// <summary>
/// Prints an event as one JSON object: its members under their own names, and what the tool adds under names that begin with
/// <c>@</c>, which no member of a C struct can have.
/// </summary>
internal sealed class JsonEventPrinter : IEventPrinter
{
    private readonly Stream _output;
    private readonly BtfValueFormatter? _formatter;
    private readonly ArrayBufferWriter<byte> _lines = new(4096);
    private readonly ArrayBufferWriter<byte> _value = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly Utf8JsonWriter _valueJson;

    public JsonEventPrinter(Stream output, BtfReader? btf)
    {
        _output = output;
        _formatter = btf is null ? null : new BtfValueFormatter(btf);
        _json = new Utf8JsonWriter(_lines, JsonLines.Options);
        _valueJson = new Utf8JsonWriter(_value, JsonLines.Options);
    }

    public void Print(EventType type, int cpu, ReadOnlySpan<byte> data)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("@time", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        _json.WriteString("@map", type.Map);
        if (cpu >= 0)
            _json.WriteNumber("@cpu", cpu);
        if (type.Name is null || _formatter is null)
        {
            _json.WriteString("@data", Convert.ToHexStringLower(data));
        }
        else
        {
            _json.WriteString("@type", type.Name);
            WriteValue(type.Id, data);
        }

        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
    }

    public void Print(BpfLogEntry entry)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("@time", entry.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        _json.WriteString("@map", BpfLog.MapName);
        _json.WriteNumber("@cpu", entry.Cpu);
        _json.WriteString("@level", entry.Level.ToString().ToLowerInvariant());
        _json.WriteString("@source", entry.Site.ToString());
        _json.WriteString("@template", entry.Site.Template);
        _json.WriteString("@message", entry.Message);
        foreach ((string name, object? value) in entry.Values)
        {
            _json.WritePropertyName(name);
            WriteValue(value);
        }

        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
    }

    public void Flush()
    {
        if (_lines.WrittenCount == 0)
            return;
        try
        {
            _output.Write(_lines.WrittenSpan);
            _output.Flush();
        }
        finally
        {
            _lines.ResetWrittenCount();
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _valueJson.Dispose();
    }

    private void WriteValue(object? value)
    {
        switch (value)
        {
            case bool truth: _json.WriteBooleanValue(truth); break;
            case int number: _json.WriteNumberValue(number); break;
            case uint number: _json.WriteNumberValue(number); break;
            case long number: _json.WriteNumberValue(number); break;
            case ulong number: _json.WriteNumberValue(number); break;
            default: _json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    // The members of a struct go into the object of the event itself; anything else has no name of its own.
    private void WriteValue(BtfTypeId id, ReadOnlySpan<byte> data)
    {
        _value.ResetWrittenCount();
        _valueJson.Reset();
        _formatter!.WriteJson(_valueJson, id, data);
        _valueJson.Flush();
        var reader = new Utf8JsonReader(_value.WrittenSpan);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _json.WritePropertyName("@value");
            _json.WriteRawValue(_value.WrittenSpan, skipInputValidation: true);
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _json.WritePropertyName(reader.ValueSpan);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            _json.WriteRawValue(_value.WrittenSpan[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
    }
}

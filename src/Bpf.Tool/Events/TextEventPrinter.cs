using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Logging;
using Bpf.Tool.Output;

namespace Bpf.Tool.Events;

/// <summary>
/// Prints events for people: a table when there is one buffer whose type is known, else <c>{name=value}</c> behind the name of the map,
/// which is what <c>ToString()</c> of their structs gives.
/// </summary>
internal sealed class TextEventPrinter : IEventPrinter
{
    private const int NumberWidth = 7;
    private const int TextWidth = 16;
    private const int LargestWidth = 48;

    private readonly Stream _output;
    private readonly StringBuilder _lines = new();
    private readonly EventFields? _fields;
    private readonly bool _isTable;
    private readonly int _mapWidth;
    private readonly StringBuilder _line = new();
    private EventColumn[] _columns = [];

    public TextEventPrinter(Stream output, BtfReader? btf, IReadOnlyList<EventType> types)
    {
        _output = output;
        _fields = btf is null ? null : new EventFields(btf);
        _isTable = types.Count == 1 && types[0].Name is not null;
        _mapWidth = types.Count == 0 ? 0 : types.Max(type => type.Map.Length);
    }

    public void Print(EventType type, int cpu, ReadOnlySpan<byte> data)
    {
        _line.Clear();
        _line.Append(DateTime.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        if (type.Name is null || _fields is null)
        {
            _line.Append("  ").Append(Printable.Text(type.Map).PadRight(_mapWidth)).Append("  ").Append(Convert.ToHexStringLower(data));
        }
        else if (_isTable)
        {
            PrintRow(_fields.Read(type.Id, data));
        }
        else
        {
            _line.Append("  ").Append(Printable.Text(type.Map).PadRight(_mapWidth)).Append("  ").Append(Printable.Text(_fields.Format(type.Id, data)));
        }

        _lines.Append(_line).Append('\n');
    }

    public void Print(BpfLogEntry entry) => _lines.Append(entry).Append('\n');

    public void Flush()
    {
        byte[] text = Encoding.UTF8.GetBytes(_lines.ToString());
        _lines.Clear();
        _output.Write(text);
        _output.Flush();
    }

    public void Dispose() => _fields?.Dispose();

    private void PrintRow(IReadOnlyList<(string Name, string Text, bool IsNumber)> fields)
    {
        if (!HasColumns(fields))
        {
            _columns = [.. fields.Select(MakeColumn)];
            string header = "TIME        ";
            for (int i = 0; i < _columns.Length; i++)
                header += Cell(ref _columns[i], i == _columns.Length - 1, _columns[i].Name.ToUpperInvariant());
            _lines.Append(header).Append('\n');
        }

        for (int i = 0; i < _columns.Length; i++)
            _line.Append(Cell(ref _columns[i], i == _columns.Length - 1, fields[i].Text));
    }

    // A record that is cut off has fewer members.
    private bool HasColumns(IReadOnlyList<(string Name, string Text, bool IsNumber)> fields)
    {
        if (_columns.Length != fields.Count)
            return false;
        for (int i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Name != fields[i].Name)
                return false;
        }

        return true;
    }

    private static EventColumn MakeColumn((string Name, string Text, bool IsNumber) field) => new()
    {
        Name = field.Name,
        IsNumber = field.IsNumber,
        Width = Math.Max(field.Name.Length, field.IsNumber ? NumberWidth : TextWidth),
    };

    private static string Cell(ref EventColumn column, bool isLast, string text)
    {
        column.Width = Math.Max(column.Width, Math.Min(text.Length, LargestWidth));
        if (column.IsNumber)
            return "  " + text.PadLeft(column.Width);
        return "  " + (isLast ? text : text.PadRight(column.Width));
    }
}

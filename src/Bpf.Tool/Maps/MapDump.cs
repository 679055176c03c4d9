using System;
using System.Buffers;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands;
using Bpf.Tool.Output;

namespace Bpf.Tool.Maps;

/// <summary><c>bpf map dump</c>: all entries, of which there may be millions.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MapDump : IDisposable
{
    private readonly BpfMap _map;
    private readonly MapEntryFormatter _formatter;
    private readonly JsonLines? _json;
    private readonly TextLines? _text;

    private MapDump(BpfMap map, JsonLines? json)
    {
        _map = map;
        _formatter = new MapEntryFormatter(map);
        _json = json;
        _text = json is null ? new TextLines() : null;
    }

    public static void Run(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words, BpfMapAccess.ReadOnly);
        words.End();
        if (map.KeySize == 0)
            throw new UsageException($"A map of type {KernelNames.Of(map.Type)} has no keys to go through{(map.Type is BpfMapType.Queue or BpfMapType.Stack ? "; 'peek' shows what comes next" : "")}.");
        try
        {
            using var dump = new MapDump(map, json);
            if (HasPlainValues(map.Type)) dump.ShowAll();
            else dump.ShowEach();
        }
        catch (IOException)
        {
            // Nobody reads on, as with head.
        }
    }

    public void Dispose() => _text?.Dispose();

    // Tables whose values can be read whatever is in them, many at a time.
    private static bool HasPlainValues(BpfMapType type) => type is BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash
        or BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.LpmTrie;

    private void ShowAll()
    {
        foreach (BpfMapEntry entry in _map.EnumerateEntries()) Show(entry.Key, entry.Value);
    }

    // Some types show their keys only, or show values of other sizes: what an entry refuses is said in its place.
    private void ShowEach()
    {
        byte[] first = [], key = new byte[_map.KeySize], value = new byte[_map.ValueBufferSize];
        // The kernel begins again when the key at hand is gone; a map that changes so fast is shown as far as it goes.
        long left = _map.MaxEntries == 0 ? uint.MaxValue : _map.MaxEntries;
        bool more = _map.TryGetNextKey(default, key);
        for (; more && left > 0; left--)
        {
            byte[] current = [.. key];
            if (first.Length == 0)
                first = current;
            try
            {
                if (_map.TryGet(current, value))
                    Show(current, value);
            }
            catch (BpfException e)
            {
                ShowRefusal(current, e.Errno);
            }

            more = _map.TryGetNextKey(current, key) && !key.AsSpan().SequenceEqual(first);
        }
    }

    private void Show(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_text is not null)
        {
            _formatter.WriteKey(_text.Line, key);
            _text.Line.Write(" -> "u8);
            _formatter.WriteValue(_text.Line, value);
            _text.End();
            return;
        }

        Utf8JsonWriter writer = _json!.Begin();
        writer.WriteStartObject();
        _formatter.WriteKey(writer, key);
        _formatter.WriteValue(writer, value);
        writer.WriteEndObject();
        _json.End();
    }

    private void ShowRefusal(ReadOnlySpan<byte> key, Errno errno)
    {
        if (_text is not null)
        {
            _formatter.WriteKey(_text.Line, key);
            _text.Line.Write(Encoding.UTF8.GetBytes($" -> ({errno})"));
            _text.End();
            return;
        }

        Utf8JsonWriter writer = _json!.Begin();
        writer.WriteStartObject();
        _formatter.WriteKey(writer, key);
        writer.WriteString("error", errno.ToString());
        writer.WriteEndObject();
        _json.End();
    }
}

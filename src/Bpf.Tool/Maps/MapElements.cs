using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Output;

namespace Bpf.Tool.Maps;

/// <summary>The commands that read and write the entries of a map.</summary>
[SupportedOSPlatform("linux")]
internal static class MapElements
{
    private static readonly string[] UpdateFlags = ["any", "noexist", "exist"];

    public static void Lookup(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words, BpfMapAccess.ReadOnly);
        byte[] key = TakeKey(words, map), value = new byte[map.ValueBufferSize];
        words.End();
        if (!map.TryGet(key, value))
            throw Missing(BpfCommand.MapLookupElement, map, "There is no such key.");
        ShowEntry(new MapEntryFormatter(map), json, key, value);
    }

    public static void Update(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words);
        byte[] key = map.KeySize == 0 ? [] : TakeKey(words, map, "value");
        words.Expect("value");
        Write(words, map, key);
        Done(json);
    }

    public static void Delete(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words);
        byte[] key = TakeKey(words, map);
        words.End();
        if (!map.Remove(key))
            throw Missing(BpfCommand.MapDeleteElement, map, "There is no such key.");
        Done(json);
    }

    public static void GetNext(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words, BpfMapAccess.ReadOnly);
        byte[]? key = words.AtEnd ? null : TakeKey(words, map);
        words.End();
        byte[] next = new byte[map.KeySize];
        if (!map.TryGetNextKey(key, next))
            throw Missing(BpfCommand.MapGetNextKey, map, key is null ? "The map is empty." : "There is no key behind it.");
        var formatter = new MapEntryFormatter(map);
        if (json is null)
        {
            Screen.Plain(key is null ? formatter.Key(next) : $"{formatter.Key(key)} -> {formatter.Key(next)}");
            return;
        }

        json.Write(formatter, (writer, of) =>
        {
            writer.WriteStartObject();
            if (key is not null)
                of.WriteKey(writer, key);
            of.WriteKey(writer, next, "next_key");
            writer.WriteEndObject();
        });
    }

    public static void Peek(Words words, JsonLines? json) => Take(words, json, remove: false);

    public static void Pop(Words words, JsonLines? json) => Take(words, json, remove: true);

    public static void Push(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words);
        NeedsNoKey(map, isPush: true);
        words.Expect("value");
        Write(words, map, []);
        Done(json);
    }

    /// <summary>Says to programs that it is done; people see that nothing is said.</summary>
    public static void Done(JsonLines? json) => json?.Write(true, static (writer, _) =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", true);
        writer.WriteEndObject();
    });

    private static void Take(Words words, JsonLines? json, bool remove)
    {
        using BpfMap map = MapSelector.TakeOne(words);
        words.End();
        NeedsNoKey(map, isPush: false);
        byte[] value = new byte[map.ValueBufferSize];
        if (!(remove ? map.TryTake([], value) : map.TryGet([], value)))
            throw Missing(remove ? BpfCommand.MapLookupAndDeleteElement : BpfCommand.MapLookupElement, map, "It is empty.");
        var formatter = new MapEntryFormatter(map);
        if (json is null)
        {
            Screen.Plain(formatter.Value(value));
            return;
        }

        json.Write(formatter, (writer, of) =>
        {
            writer.WriteStartObject();
            of.WriteValue(writer, value);
            writer.WriteEndObject();
        });
    }

    private static void Write(Words words, BpfMap map, byte[] key)
    {
        if (map.Type.HoldsMaps() || map.Type.HoldsPrograms())
        {
            using IDisposable held = map.Type.HoldsMaps() ? MapSelector.TakeOne(words) : ProgramSelector.TakeOne(words);
            BpfElementFlags none = TakeFlags(words);
            if (none != BpfElementFlags.Any)
                throw new UsageException($"A map of type {KernelNames.Of(map.Type)} takes no flags.");
            Put(map, key, held);
            return;
        }

        byte[] value = MapData.ParseValue(map, words.TakeUntil(UpdateFlags));
        BpfElementFlags flags = TakeFlags(words);
        if (flags == BpfElementFlags.Any)
            map.Set(key, value);
        else if (!(flags == BpfElementFlags.Exist ? map.TryReplace(key, value) : map.TryAdd(key, value)))
            throw Missing(BpfCommand.MapUpdateElement, map, flags == BpfElementFlags.Exist ? "There is no such key." : "The key is there already.");
    }

    private static void Put(BpfMap map, byte[] key, IDisposable held)
    {
        if (held is BpfProgram program)
            map.AsProgramArray().Set(MemoryMarshal.Read<uint>(key), program);
        else if (map.KeySize == sizeof(uint))
            map.AsMapOfMaps<uint>().Set(MemoryMarshal.Read<uint>(key), (BpfMap)held);
        else if (map.KeySize == sizeof(ulong))
            map.AsMapOfMaps<ulong>().Set(MemoryMarshal.Read<ulong>(key), (BpfMap)held);
        else
            throw new UsageException($"Maps are put into tables with keys of 4 or 8 bytes, not {map.KeySize.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static BpfElementFlags TakeFlags(Words words)
    {
        BpfElementFlags flags = words.TryTake("noexist") ? BpfElementFlags.NoExist : words.TryTake("exist") ? BpfElementFlags.Exist : BpfElementFlags.Any;
        words.TryTake("any");
        words.End();
        return flags;
    }

    private static byte[] TakeKey(Words words, BpfMap map, params string[] ends)
    {
        words.Expect("key");
        return MapData.ParseKey(map, words.TakeUntil(ends));
    }

    private static void NeedsNoKey(BpfMap map, bool isPush)
    {
        if (map.Type is not (BpfMapType.Queue or BpfMapType.Stack) && !(isPush && map.Type == BpfMapType.BloomFilter))
            throw new UsageException($"It is for queues and stacks; map '{map.Name}' is of type {KernelNames.Of(map.Type)}.");
    }

    private static void ShowEntry(MapEntryFormatter formatter, JsonLines? json, byte[] key, byte[] value)
    {
        if (json is null)
        {
            Screen.Plain($"{formatter.Key(key)} -> {formatter.Value(value)}");
            return;
        }

        json.Write(formatter, (writer, of) =>
        {
            writer.WriteStartObject();
            of.WriteKey(writer, key);
            of.WriteValue(writer, value);
            writer.WriteEndObject();
        });
    }

    private static BpfException Missing(BpfCommand command, BpfMap map, string hint) =>
        new(command, hint.Contains("already", StringComparison.Ordinal) ? Errno.EEXIST : Errno.ENOENT, $"map '{map.Name}'", hint);
}

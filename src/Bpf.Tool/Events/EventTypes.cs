using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Logging;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Events;

/// <summary>
/// Finds out what the buffers of an object carry. BTF does not say it; the convention is a global variable called
/// <c>MAP_event</c> whose type is a pointer to the type of the records, and <c>--event MAP=TYPE</c> says it otherwise.
/// </summary>
internal static class EventTypes
{
    private const string Suffix = "_event";

    private static readonly BtfKind[] NamedKinds = [BtfKind.Struct, BtfKind.Union, BtfKind.Typedef, BtfKind.Enum, BtfKind.Enum64, BtfKind.Int, BtfKind.Float];

    /// <summary>The types of all buffers of an object.</summary>
    /// <param name="file">The object.</param>
    /// <param name="overrides">The values of <c>--event</c>.</param>
    /// <exception cref="UsageException">An override names a buffer or a type that does not exist.</exception>
    public static IReadOnlyList<EventType> Find(BpfObjectFile file, IReadOnlyList<string> overrides)
    {
        var types = new List<EventType>();
        bool logs = BpfLog.ReadSites(file).Count > 0;
        foreach (BpfMapDefinition map in file.Maps)
        {
            if (IsBuffer(map) && !(logs && map.Name == BpfLog.MapName))
                types.Add(ByConvention(file, map.Name));
        }

        foreach (string text in overrides)
        {
            EventType type = Parse(file, text);
            int at = types.FindIndex(known => known.Map == type.Map);
            if (at < 0)
            {
                string known = string.Join(", ", types.Select(candidate => candidate.Map));
                throw new UsageException($"--event {text}: there is no ring or perf buffer '{type.Map}'; there {(known.Length == 0 ? "are none" : "are: " + known)}.");
            }

            types[at] = type;
        }

        return types;
    }

    /// <summary>The type of a buffer by the convention; null when the object has no such buffer.</summary>
    public static EventType? Find(BpfObjectFile file, string map) =>
        file.Maps.TryGet(map, out BpfMapDefinition? definition) && IsBuffer(definition) ? ByConvention(file, map) : null;

    /// <summary>True for a variable that is there only to say what the records of a buffer are.</summary>
    public static bool IsConvention(BpfObjectFile file, BpfGlobal global) =>
        global.Name.EndsWith(Suffix, StringComparison.Ordinal) && Find(file, global.Name[..^Suffix.Length]) is { Name: not null };

    private static bool IsBuffer(BpfMapDefinition map) => map.Type is BpfMapType.RingBuf or BpfMapType.PerfEventArray;

    private static EventType ByConvention(BpfObjectFile file, string map)
    {
        BtfTypeId record = file.FindRecordType(map);
        return record.IsVoid ? new EventType(map, null, default) : new EventType(map, NameOf(file.Btf!, record), record);
    }

    private static EventType Parse(BpfObjectFile file, string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || at == text.Length - 1)
            throw new UsageException($"--event {text}: write MAP=TYPE.");
        string map = text[..at], name = text[(at + 1)..];
        foreach (string keyword in new[] { "struct ", "union ", "enum " })
        {
            if (name.StartsWith(keyword, StringComparison.Ordinal))
                name = name[keyword.Length..];
        }

        foreach (BtfKind kind in NamedKinds)
        {
            if (file.Btf is not null && file.Btf.TryFind(name, kind, out BtfTypeId id))
                return new EventType(map, name, id);
        }

        throw new UsageException($"--event {text}: the BTF of the object has no type '{name}'.");
    }

    // The name of the struct even if it is behind const; a typedef keeps its own name.
    private static string NameOf(BtfReader btf, BtfTypeId id)
    {
        BtfType type = btf[id];
        while (type.IsModifier)
            type = btf[type.TypeId];
        return type.Name;
    }
}

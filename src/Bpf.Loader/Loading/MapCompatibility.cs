using System;
using System.Collections.Generic;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>Tells whether a map that exists is like the one that an object defines.</summary>
internal static class MapCompatibility
{
    /// <summary>Compares all that programs rely on.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="existing">The map that exists.</param>
    /// <param name="where">Where that is, as in <c>pinned at '/sys/fs/bpf/counts'</c>.</param>
    /// <param name="explain">Says of a map, by its number, who uses it: whether it can be removed.</param>
    /// <exception cref="BpfException">They differ; the message says in what.</exception>
    public static void Check(BpfMapDefinition definition, in BpfMapInfo existing, string where, Func<uint, string>? explain = null)
    {
        var differences = new List<string>();
        Compare("type", definition.Type, existing.Type);
        Compare("key size", definition.KeySize, (uint)existing.KeySize);
        Compare("value size", definition.ValueSize, (uint)existing.ValueSize);
        Compare("max_entries", definition.MaxEntries, existing.MaxEntries);
        Compare("map_extra", definition.MapExtra, existing.MapExtra);

        // The kernel adds this flag to device maps by itself.
        BpfMapFlags own = definition.Type is BpfMapType.DevMap or BpfMapType.DevMapHash ? BpfMapFlags.ReadOnlyProgram : 0;
        Compare("flags", definition.Flags & ~own, existing.Flags & ~own);
        if (differences.Count == 0) return;
        string users = explain?.Invoke(existing.Id) is { Length: > 0 } text ? " " + text : "";
        throw new BpfException(
            BpfCommand.MapCreate, Errno.EINVAL, $"map '{definition.Name}'",
            $"the map {where} differs in {string.Join(" and ", differences)}.{users} Remove it, or pin under another name or root.", BpfDiagnosticId.MapMismatch);

        void Compare<T>(string what, T wanted, T found)
            where T : notnull
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, found)) differences.Add($"{what} (wanted {wanted}, found {found})");
        }
    }
}

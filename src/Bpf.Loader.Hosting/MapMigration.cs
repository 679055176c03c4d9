using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Hosting;

/// <summary>How what a pinned map holds is taken over into one whose values are of another struct.</summary>
/// <param name="Map">The name of the map in the object.</param>
/// <param name="OldSize">The size of the old values, in bytes.</param>
/// <param name="NewSize">The size of the new values, in bytes.</param>
/// <param name="Convert">Makes a new value of an old one.</param>
[SupportedOSPlatform("linux")]
internal sealed record MapMigration(string Map, int OldSize, int NewSize, ValueConverter Convert)
{
    public static MapMigration Of<TOld, TNew>(string map, Func<TOld, TNew> convert)
        where TOld : unmanaged
        where TNew : unmanaged => new(map, Unsafe.SizeOf<TOld>(), Unsafe.SizeOf<TNew>(), (old, value) =>
            MemoryMarshal.Write(value, convert(MemoryMarshal.Read<TOld>(old))));

    /// <summary>Has the new map pinned beside the old one, if there is one to be taken over.</summary>
    /// <returns>What is to be done after the load; null when the pinned map is as the object's, or none, or of yet another size: of that the load will tell.</returns>
    /// <exception cref="InvalidOperationException">The map cannot be migrated, or the new struct is not that of the object.</exception>
    /// <exception cref="BpfException">What is pinned is no map, or may not be opened.</exception>
    public PendingMigration? Prepare(BpfObjectFile file)
    {
        BpfMapDefinition definition = file.Maps[Map];
        string path = Path.GetFullPath(definition.PinPath ?? throw new InvalidOperationException($"The map '{Map}' is not pinned, so that there is nothing to migrate: set its PinPath, or pin it by name."));
        if (definition.ValueSize != NewSize) throw new InvalidOperationException($"The values of the map '{Map}' have {definition.ValueSize} bytes, and those that it was to be migrated to have {NewSize}.");
        if (!IsMigratable(definition.Type)) throw new InvalidOperationException($"The map '{Map}' is of type {definition.Type}, whose entries cannot be migrated one by one.");
        string temporary = path + "_new";
        FinishLast(definition, path, temporary);
        if (!File.Exists(path)) return null;

        BpfMap old = BpfMap.OpenPinned(path);
        if (old.Type != definition.Type || old.KeySize != definition.KeySize || old.ValueSize != OldSize || OldSize == NewSize)
        {
            old.Dispose();
            return null;
        }

        definition.PinPath = temporary;
        return new PendingMigration(this, old, path, temporary);
    }

    private static bool IsMigratable(BpfMapType type) => type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash
        or BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.LpmTrie;

    /// <summary>Looks after what a process left that ended halfway: a map that programs use already takes its place, another is removed.</summary>
    private void FinishLast(BpfMapDefinition definition, string path, string temporary)
    {
        if (!File.Exists(temporary)) return;
        using BpfMap left = BpfMap.OpenPinned(temporary);
        if (left.Type != definition.Type || left.KeySize != definition.KeySize || left.ValueSize != NewSize)
            throw new InvalidOperationException($"Another map than the new '{Map}' is pinned at '{temporary}', where that is to be pinned until it is complete. Remove the pin, or pin '{Map}' elsewhere.");
        if (left.FindUsers().ProgramIds.Count == 0)
        {
            left.Unpin();
            return;
        }

        using BpfMap? old = File.Exists(path) ? BpfMap.OpenPinned(path) : null;
        left.MovePin(path, old);
    }
}

using System;
using System.IO;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace Bpf.Loader.Hosting;

/// <summary>A map that is being taken over: the old one stays until the new one is complete and in use.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PendingMigration(MapMigration migration, BpfMap old, string path, string temporary) : IDisposable
{
    private BpfMap? _new;
    private MapState _copied;

    /// <summary>Converts the entries into the map that was loaded.</summary>
    public void Copy(BpfObject loaded)
    {
        BpfMap target = _new = loaded.Maps[migration.Map];
        byte[] value = new byte[target.ValueBufferSize];
        int cpus = old.ValueBufferSize == migration.OldSize ? 1 : old.ValueBufferSize / Stride(migration.OldSize);
        _copied = Walk((key, bytes) =>
        {
            for (int cpu = 0; cpu < cpus; cpu++)
                migration.Convert(bytes.Slice(cpu * Stride(migration.OldSize), migration.OldSize), value.AsSpan(cpu * Stride(migration.NewSize), migration.NewSize));
            target.Set(key, value);
        }) ?? throw new InvalidOperationException($"The entries of the map '{migration.Map}', pinned at '{path}', are removed faster than they can be read: stop what removes them, and migrate it then.");
    }

    /// <summary>Puts the new map in the place of the old one, when the new programs run.</summary>
    public void Complete(ILogger logger)
    {
        if (_new is null) return;
        _new.MovePin(path, old);
        Log.Migrated(logger, migration.Map, _copied.Entries, migration.OldSize, path);
        if (Walk(static (_, _) => { }) != _copied) Log.WrittenMeanwhile(logger, migration.Map);
        _new = null;
        old.Dispose();
    }

    /// <summary>Lets the old map be what it was, unless all is done.</summary>
    public void Dispose()
    {
        if (_new?.PinPath == temporary || (_new is null && File.Exists(temporary))) File.Delete(temporary);
        old.Dispose();
    }

    // For each CPU the kernel rounds values up to 8 bytes.
    private static int Stride(int size) => (size + 7) & ~7;

    /// <summary>Reads all entries.</summary>
    /// <returns>What they were; null when the walk came to no end.</returns>
    private MapState? Walk(EntryAction action)
    {
        byte[] key = new byte[old.KeySize], next = new byte[old.KeySize], value = new byte[old.ValueBufferSize];
        var state = new MapState(0, 0);
        bool found = old.TryGetNextKey(default, next);

        // The kernel begins again when the key that the walk stands at is removed: what was converted is converted once more.
        for (long steps = 0; found; steps++)
        {
            if (steps == 16L * old.MaxEntries) return null;
            (key, next) = (next, key);
            if (old.TryGet(key, value))
            {
                action(key, value);
                state = new MapState(state.Entries + 1, state.Sum + Hash(key, value));
            }

            found = old.TryGetNextKey(key, next);
        }

        return state;
    }

    // FNV-1a: enough to see that something was written, and the same in whatever order the entries come.
    private static ulong Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in key) hash = (hash ^ b) * 1099511628211;
        foreach (byte b in value) hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    private readonly record struct MapState(long Entries, ulong Sum);

    private delegate void EntryAction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
}

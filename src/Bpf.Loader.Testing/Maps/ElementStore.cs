using System;
using System.Collections.Generic;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Maps;

/// <summary>The values of a map: each a region of its own, made when its address is first asked for.</summary>
internal sealed class ElementStore(MachineMemory memory, BpfMachineMap map, int valueSize, bool isWritable)
{
    // Values are 8 bytes aligned, as in the kernel (round_up(value_size, 8)).
    private readonly int _stride = Math.Max((valueSize + 7) & ~7, 8);
    private readonly int _perChunk = Math.Clamp(65536 / Math.Max(valueSize, 1), 1, 1024);
    private readonly List<Chunk?> _chunks = [];

    /// <summary>The bytes of a value.</summary>
    public Span<byte> this[int slot] => ChunkOf(slot).Data.AsSpan(slot % _perChunk * _stride, valueSize);

    /// <summary>The address of a value.</summary>
    public ulong AddressOf(int slot)
    {
        Chunk chunk = ChunkOf(slot);
        int at = slot % _perChunk;
        if (chunk.Regions[at] == 0) chunk.Regions[at] = memory.Add(RegionKind.MapValue, chunk.Data, at * _stride, valueSize, isWritable, map);
        return memory.AddressOf(chunk.Regions[at]);
    }

    private Chunk ChunkOf(int slot)
    {
        int index = slot / _perChunk;
        while (_chunks.Count <= index) _chunks.Add(null);
        return _chunks[index] ??= new Chunk(MachineMemory.Allocate(_perChunk * _stride), new uint[_perChunk]);
    }

    private sealed record Chunk(byte[] Data, uint[] Regions);
}

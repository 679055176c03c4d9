using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Testing.Memory;

/// <summary>
/// The machine's memory: regions that know their bounds. An address is a number of 64 bits, as programs compute with it: bit 63 is
/// set for the kernel's memory, bits 32 to 62 are the region's index, and the rest is the offset, moved up by <see cref="Guard"/> so
/// that what points before a region is still seen to belong to it.
/// </summary>
internal sealed unsafe class MachineMemory
{
    /// <summary>What is added to offsets.</summary>
    public const uint Guard = 0x4000_0000;

    /// <summary>Set in addresses of the kernel.</summary>
    public const ulong KernelBit = 1UL << 63;

    private const uint IndexMask = 0x7fff_ffff;

    // Addresses without the kernel's bit become indices that are out of range.
    internal const uint KernelHalf = 0x8000_0000;

    // The array is pinned: the interpreter reads it without a check of its own.
    private Region[] _regions = [];
    private Region* _table;
    private uint _tableLength;
    private readonly List<RegionInfo?> _infos = [null];
    private readonly Stack<uint> _free = [];
    private readonly List<uint> _freed = [];

    /// <summary>Makes memory without a region.</summary>
    public MachineMemory() => Resize(256);

    /// <summary>How many regions there are.</summary>
    public int Count => _infos.Count - 1 - _free.Count - _freed.Count;

    /// <summary>Memory that never moves.</summary>
    public static byte[] Allocate(int length) => GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Adds a region over some bytes of a pinned array.</summary>
    /// <returns>Its index.</returns>
    public uint Add(RegionKind kind, byte[] data, int start, int length, bool isWritable, object? owner)
    {
        if (!_free.TryPop(out uint index))
        {
            index = (uint)_infos.Count;
            _infos.Add(new RegionInfo());
            if (index >= _regions.Length) Resize(_regions.Length * 2);
        }

        RegionInfo info = _infos[(int)index]!;
        info.Kind = info.FormerKind = kind;
        info.IsWritable = isWritable;
        info.Owner = owner;
        Set(index, data, start, length);
        return index;
    }

    /// <summary>Lets a region be about other bytes.</summary>
    public void Set(uint index, byte[] data, int start, int length)
    {
        RegionInfo info = _infos[(int)index]!;
        info.Data = data;
        info.Start = start;
        info.Length = (uint)length;
        bool isPlain = info.Kind is RegionKind.Packet or RegionKind.MapValue or RegionKind.Record or RegionKind.Kernel;
        ref Region region = ref _regions[index];
        region.Base = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(data)) + start;
        region.ReadLimit = isPlain ? (uint)length : 0;
        region.WriteLimit = isPlain && info.IsWritable ? (uint)length : 0;
    }

    /// <summary>Frees a region: what still points to it faults, at least until the next run.</summary>
    public void Free(uint index)
    {
        RegionInfo info = _infos[(int)index]!;
        if (info.Kind == RegionKind.None) return;
        info.Kind = RegionKind.None;
        _regions[index] = default;
        _freed.Add(index);
    }

    /// <summary>Lets the regions that were freed be used again; to be called between runs.</summary>
    public void Recycle()
    {
        foreach (uint index in _freed) _free.Push(index);
        _freed.Clear();
    }

    /// <summary>The address of a region's first byte.</summary>
    public ulong AddressOf(uint index) => Compose(index, _infos[(int)index]!.FormerKind is RegionKind.User or RegionKind.Arena ? 0 : KernelBit);

    /// <summary>The region that an address points into or near to.</summary>
    /// <param name="address">The address.</param>
    /// <param name="offset">The offset from the region's first byte, which may be outside of it.</param>
    /// <returns>Null when there is none.</returns>
    public RegionInfo? Find(ulong address, out long offset)
    {
        offset = (long)(uint)address - Guard;
        uint index = IndexOf(address);
        if (index == 0 || index >= _infos.Count) return null;
        RegionInfo info = _infos[(int)index]!;
        bool isUser = info.FormerKind is RegionKind.User or RegionKind.Arena;
        return isUser == ((address & KernelBit) == 0) ? info : null;
    }

    /// <summary>The index of the region that an address is made of.</summary>
    public static uint IndexOf(ulong address) => (uint)(address >> 32) & IndexMask;

    /// <summary>The bytes to read at an address; null when that needs a closer look or is not allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* TryRead(ulong address, uint size)
    {
        Region* region = RegionOf(address, out uint offset);
        return (ulong)offset + size <= region->ReadLimit ? region->Base + offset : null;
    }

    /// <summary>The bytes to write at an address; null when that needs a closer look or is not allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* TryWrite(ulong address, uint size)
    {
        Region* region = RegionOf(address, out uint offset);
        return (ulong)offset + size <= region->WriteLimit ? region->Base + offset : null;
    }

    /// <summary>The first byte of a region.</summary>
    public byte* BaseOf(ulong address) => _regions[IndexOf(address)].Base;

    // The first region is none, and has no limits: it stands for all addresses outside of the table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Region* RegionOf(ulong address, out uint offset)
    {
        offset = (uint)address - Guard;
        uint index = (uint)(address >> 32) ^ KernelHalf;
        return _table + (index < _tableLength ? index : 0);
    }

    private void Resize(int length)
    {
        Region[] larger = GC.AllocateArray<Region>(length, pinned: true);
        _regions.CopyTo(larger, 0);
        _regions = larger;
        _table = (Region*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(larger));
        _tableLength = (uint)length;
    }

    private static ulong Compose(uint index, ulong side) => side | ((ulong)index << 32) | Guard;
}

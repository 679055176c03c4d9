using System;
using System.Runtime.CompilerServices;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    /// <summary>Reads a number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Load(ulong address, uint size, int pc)
    {
        byte* p = _memory.TryRead(address, size);
        return p is null ? LoadSlowly(address, size, pc) : Read(p, size);
    }

    /// <summary>Writes a number of 1, 2, 4 or 8 bytes.</summary>
    public void Store(ulong address, uint size, ulong value, int pc)
    {
        byte* p = _memory.TryWrite(address, size);
        if (p is null) StoreSlowly(address, size, value, pc);
        else Write(p, size, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong LoadSlowly(ulong address, uint size, int pc)
    {
        RegionInfo? info = _memory.Find(address, out long offset);
        switch (info?.Kind)
        {
            case RegionKind.Stack when IsInside(info, offset, size) && IsLive(address):
                byte* p = _memory.BaseOf(address) + offset;
                CheckStack(p, (int)size, pc);
                return Read(p, size);
            case RegionKind.Context when IsInside(info, offset, size):
                // That of the program, or a socket that it got from there.
                var context = (BpfContext)info.Owner!;
                return context.TryLoad(address, (uint)offset, size, out ulong value) ? value
                    : throw Fault(BpfDiagnosticId.OutOfBounds, $"reads {size} bytes at offset {offset} of its context, where {context.Name} has no such field", pc, info, offset);
            case RegionKind.Arena:
                // The kernel has an exception table entry for each access of an arena: loads outside of its pages give 0.
                return IsInside(info, offset, size) && ((ArenaMap)info.Owner!).IsAllocated(offset, size) ? Read(_memory.BaseOf(address) + offset, size) : 0;
            case RegionKind.Handle when info.Owner is BpfMachineMap map && map.TryReadDescription((int)offset, (int)size, out ulong described):
                return described;
        }

        // The program's own objects are no kernel's: the verifier knows how large they are, and when they are gone.
        if (info?.Owner is not LocalObject && Code.Program?.LoadsFault(pc) == true) return 0;
        throw AccessFault("reads", address, size, pc, info, offset);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StoreSlowly(ulong address, uint size, ulong value, int pc)
    {
        RegionInfo? info = _memory.Find(address, out long offset);
        if (info?.Kind == RegionKind.Context && IsInside(info, offset, size))
        {
            var context = (BpfContext)info.Owner!;
            if (context.TryStore(address, (uint)offset, size, value)) return;
            throw Fault(BpfDiagnosticId.ReadOnlyMemory, $"writes {size} bytes at offset {offset} of its context, where {context.Name} has no field that may be written", pc, info, offset);
        }

        if (info?.Kind == RegionKind.Arena && !(IsInside(info, offset, size) && ((ArenaMap)info.Owner!).IsAllocated(offset, size))) return;
        byte* p = WritablePointer(address, size, pc);
        Write(p, size, value);
    }

    /// <summary>Bytes that may be written; a context has such only where it is a structure as it stands.</summary>
    private byte* WritablePointer(ulong address, uint size, int pc)
    {
        byte* p = _memory.TryWrite(address, size);
        if (p is not null) return p;
        RegionInfo? info = _memory.Find(address, out long offset);
        p = BytesAt(info, address, offset, size);
        if (p is not null && info!.IsWritable)
        {
            if (info.Kind == RegionKind.Stack) new Span<byte>(p + StackShadow, (int)size).Fill(byte.MaxValue);
            return p;
        }

        throw AccessFault("writes", address, size, pc, info, offset);
    }

    /// <summary>Bytes for a helper to read.</summary>
    public ReadOnlySpan<byte> ReadSpan(ulong address, int size)
    {
        if (size == 0) return [];
        if (size < 0) throw Fault(BpfDiagnosticId.BadHelperArgument, $"gives a size of {size} bytes");
        byte* p = _memory.TryRead(address, (uint)size);
        if (p is not null) return new ReadOnlySpan<byte>(p, size);
        RegionInfo? info = _memory.Find(address, out long offset);
        p = BytesAt(info, address, offset, (uint)size);
        if (p is not null)
        {
            if (info!.Kind == RegionKind.Stack) CheckStack(p, size, _instruction);
            return new ReadOnlySpan<byte>(p, size);
        }

        throw AccessFault("lets a helper read", address, (uint)size, _instruction, info, offset);
    }

    /// <summary>Bytes for a helper to write; on the stack they count as written.</summary>
    public Span<byte> WriteSpan(ulong address, int size)
    {
        if (size < 0) throw Fault(BpfDiagnosticId.BadHelperArgument, $"gives a size of {size} bytes");
        return size == 0 ? [] : new Span<byte>(WritablePointer(address, (uint)size, _instruction), size);
    }

    /// <summary>The bytes of a region that accesses look at more closely; null where it has none of its own, or they are out of bounds.</summary>
    private byte* BytesAt(RegionInfo? info, ulong address, long offset, uint size)
    {
        if (info is null || !IsInside(info, offset, size)) return null;
        bool hasBytes = info.Kind switch
        {
            RegionKind.Stack => IsLive(address),
            RegionKind.Arena => true,
            // Contexts of members have none: those are made when they are read.
            RegionKind.Context => info.Data is { Length: > 0 },
            _ => false,
        };
        return hasBytes ? _memory.BaseOf(address) + offset : null;
    }

    private static bool IsInside(RegionInfo info, long offset, uint size) => offset >= 0 && offset + size <= info.Length;

    /// <summary>True for the stack of a function that has not returned.</summary>
    private bool IsLive(ulong address)
    {
        uint index = MachineMemory.IndexOf(address);
        for (int depth = 0; depth <= _depth; depth++)
        {
            if (_stackRegions[depth] == index) return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CheckStack(byte* p, int size, int pc)
    {
        if (_machine.AllowUninitialisedStack) return;
        int missing = new ReadOnlySpan<byte>(p + StackShadow, size).IndexOfAnyExcept(byte.MaxValue);
        if (missing < 0) return;
        long offset = (p + missing - _stackBase) % StackSize - StackSize;
        throw Fault(BpfDiagnosticId.UninitialisedStack, $"reads {size} bytes of its stack, of which that at R10{offset} was never written", pc, null, offset, "stack");
    }

    private static ulong Read(byte* p, uint size) => size switch { 1 => *p, 2 => *(ushort*)p, 4 => *(uint*)p, _ => *(ulong*)p };

    private static void Write(byte* p, uint size, ulong value)
    {
        switch (size)
        {
            case 1: *p = (byte)value; break;
            case 2: *(ushort*)p = (ushort)value; break;
            case 4: *(uint*)p = (uint)value; break;
            default: *(ulong*)p = value; break;
        }
    }
}

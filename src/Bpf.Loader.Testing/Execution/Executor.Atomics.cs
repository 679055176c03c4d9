using Bpf.Loader.Instructions;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    private void Atomic(DecodedInstruction* i, ulong* r, int pc)
    {
        uint size = (uint)(i->Immediate >> 32);
        ulong address = r[i->Destination] + (ulong)i->Target;
        byte* p = AtomicPointer(address, size, pc);
        // In an arena, the kernel passes over what touches no page (BPF_PROBE_ATOMIC, Linux 6.9).
        if (p is null) return;
        var operation = (BpfAtomicOperation)(int)i->Immediate;
        ulong before = Read(p, size), operand = r[i->Source];
        if (operation == BpfAtomicOperation.CompareExchange)
        {
            ulong expected = size == 4 ? (uint)r[0] : r[0];
            if (before == expected) Write(p, size, operand);
            r[0] = before;
            return;
        }

        Write(p, size, operation switch
        {
            BpfAtomicOperation.Add or BpfAtomicOperation.FetchAdd => before + operand,
            BpfAtomicOperation.Or or BpfAtomicOperation.FetchOr => before | operand,
            BpfAtomicOperation.And or BpfAtomicOperation.FetchAnd => before & operand,
            BpfAtomicOperation.Xor or BpfAtomicOperation.FetchXor => before ^ operand,
            _ => operand,
        });
        if (((int)operation & 1) != 0) r[i->Source] = before;
    }

    /// <summary>Bytes that are read and written at once; null for those of an arena that are in none of its pages.</summary>
    private byte* AtomicPointer(ulong address, uint size, int pc)
    {
        byte* p = _memory.TryWrite(address, size);
        if (p is not null) return p;
        RegionInfo? info = _memory.Find(address, out long offset);
        if (info?.Kind == RegionKind.Arena && !(IsInside(info, offset, size) && ((ArenaMap)info.Owner!).IsAllocated(offset, size))) return null;
        if (info?.Kind == RegionKind.Stack && BytesAt(info, address, offset, size) is var on && on is not null) CheckStack(on, (int)size, pc);
        return WritablePointer(address, size, pc);
    }
}

using Bpf.Loader.Instructions;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    private void Atomic(DecodedInstruction* i, ulong* r, int pc)
    {
        uint size = (uint)(i->Immediate >> 32);
        byte* p = WritablePointer(r[i->Destination] + (ulong)i->Target, size, pc);
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
}

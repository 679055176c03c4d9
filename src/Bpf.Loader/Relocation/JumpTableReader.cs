using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>Reads the tables that indirect jumps take their targets from (Linux 6.19).</summary>
internal static class JumpTableReader
{
    private const int EntrySize = 8;

    /// <summary>The instructions of the linked program that a table leads to, in the order of the table.</summary>
    /// <exception cref="BpfFormatException">The table is malformed.</exception>
    public static IReadOnlyList<int> Read(ReadOnlySpan<byte> tables, LinkedProgram program, LinkedReference reference)
    {
        (long offset, long size) = (reference.Relocation.Value, reference.Relocation.Size);
        if (offset % EntrySize != 0 || size % EntrySize != 0 || size <= 0 || offset < 0 || offset > tables.Length || size > tables.Length - offset)
            throw new BpfFormatException($"The jump table of {size} bytes at offset 0x{offset:x} does not lie in the section of {tables.Length} bytes.", ".jumptables", offset, BpfDiagnosticId.BadJumpTable);

        LinkedPart part = FindPart(program, reference.Instruction);
        int[] targets = new int[size / EntrySize];
        for (int i = 0; i < targets.Length; i++)
            targets[i] = Rebase(BinaryPrimitives.ReadUInt64LittleEndian(tables[(int)(offset + (i * EntrySize))..]), part);
        return targets;
    }

    private static LinkedPart FindPart(LinkedProgram program, int instruction)
    {
        LinkedPart found = program.Parts[0];
        foreach (LinkedPart part in program.Parts)
        {
            if (part.Start <= instruction) found = part;
        }

        return found;
    }

    /// <summary>From a byte offset in the section to an instruction of the program.</summary>
    private static int Rebase(ulong target, LinkedPart part)
    {
        ulong index = target / BpfInstruction.Size;
        ulong first = (ulong)part.Function.FirstInstruction;
        if (target % BpfInstruction.Size != 0 || index < first || index - first >= (ulong)part.Function.Instructions.Length)
            throw new BpfFormatException($"A jump table of function '{part.Function.Name}' has the target 0x{target:x}, which is not in the function.", ".jumptables", null, BpfDiagnosticId.BadJumpTable);
        return (int)((ulong)part.Start + index - first);
    }
}

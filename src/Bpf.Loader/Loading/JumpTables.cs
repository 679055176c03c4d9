using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>Makes the maps that indirect jumps take their targets from (Linux 6.19).</summary>
[SupportedOSPlatform("linux")]
internal static class JumpTables
{
    // struct bpf_insn_array_value: original and verified offset of the instruction, and what the kernel adds.
    private const int ValueSize = 16;
    private const int EntrySize = 8;

    /// <summary>Makes the table that an instruction refers to.</summary>
    /// <exception cref="BpfFormatException">The table is malformed.</exception>
    /// <exception cref="BpfException">The kernel has no such maps.</exception>
    public static FileDescriptorHandle Create(LoadContext context, LinkedProgram program, LinkedReference reference)
    {
        (long offset, long size) = (reference.Relocation.Value, reference.Relocation.Size);
        ReadOnlySpan<byte> tables = context.File.JumpTables.Span;
        if (offset % EntrySize != 0 || size % EntrySize != 0 || size <= 0 || offset < 0 || offset > tables.Length || size > tables.Length - offset)
            throw new BpfFormatException($"The jump table of {size} bytes at offset 0x{offset:x} does not lie in the section of {tables.Length} bytes.", ".jumptables", offset, BpfDiagnosticId.BadJumpTable);

        var request = new MapCreateRequest
        {
            Type = BpfMapType.InsnArray,
            KeySize = sizeof(uint),
            ValueSize = ValueSize,
            MaxEntries = (uint)(size / EntrySize),
            Name = ".jumptables"u8,
            Token = context.Token,
        };
        FileDescriptorHandle map = BpfSyscall.MapCreate(request, out Errno errno)
            ?? throw Refusal.OfMap(BpfMapType.InsnArray, errno, $"the jump table of program '{program.Definition.Name}'", context.Delegation?.ExplainMap(BpfMapType.InsnArray, errno) ?? "Indirect jumps need a newer kernel: compile with -mcpu=v3.");
        try
        {
            LinkedPart part = FindPart(program, reference.Instruction);
            for (int i = 0; i < size / EntrySize; i++)
            {
                ulong target = BinaryPrimitives.ReadUInt64LittleEndian(tables[(int)(offset + (i * EntrySize))..]);
                Put(map, i, Rebase(target, part), offset);
            }

            errno = BpfSyscall.MapFreeze(map);
            return errno == Errno.None ? map : throw Refusal.Of(BpfCommand.MapFreeze, errno, $"the jump table of program '{program.Definition.Name}'", "Its offsets must not change once the program is verified.", BpfDiagnosticId.MapContentsRefused);
        }
        catch
        {
            map.Dispose();
            throw;
        }
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
    private static uint Rebase(ulong target, LinkedPart part)
    {
        ulong index = target / BpfInstruction.Size;
        ulong first = (ulong)part.Function.FirstInstruction;
        if (target % BpfInstruction.Size != 0 || index < first || index - first >= (ulong)part.Function.Instructions.Length)
            throw new BpfFormatException($"A jump table of function '{part.Function.Name}' has the target 0x{target:x}, which is not in the function.", ".jumptables", null, BpfDiagnosticId.BadJumpTable);
        return (uint)((ulong)part.Start + index - first);
    }

    private static void Put(FileDescriptorHandle map, int index, uint target, long offset)
    {
        Span<byte> value = stackalloc byte[ValueSize];
        value.Clear();
        MemoryMarshal.Write(value, in target);
        Errno errno = BpfSyscall.MapUpdate(map, in MemoryMarshal.AsBytes(new Span<int>(ref index))[0], in value[0], 0);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.MapUpdateElement, errno, $"the jump table at offset 0x{offset:x}", $"Its entry {index} should be instruction {target}.", BpfDiagnosticId.MapContentsRefused);
    }
}

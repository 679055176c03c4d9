using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>Makes the maps that indirect jumps take their targets from (Linux 6.19).</summary>
[SupportedOSPlatform("linux")]
internal static class JumpTables
{
    // struct bpf_insn_array_value: original and verified offset of the instruction, and what the kernel adds.
    private const int ValueSize = 16;

    /// <summary>Makes the table that an instruction refers to.</summary>
    /// <exception cref="BpfFormatException">The table is malformed.</exception>
    /// <exception cref="BpfException">The kernel has no such maps.</exception>
    public static FileDescriptorHandle Create(LoadContext context, LinkedProgram program, LinkedReference reference)
    {
        long offset = reference.Relocation.Value;
        IReadOnlyList<int> targets = JumpTableReader.Read(context.File.JumpTables.Span, program, reference);
        var request = new MapCreateRequest
        {
            Type = BpfMapType.InsnArray,
            KeySize = sizeof(uint),
            ValueSize = ValueSize,
            MaxEntries = (uint)targets.Count,
            Name = ".jumptables"u8,
            Token = context.Token,
        };
        FileDescriptorHandle map = BpfSyscall.MapCreate(request, out Errno errno)
            ?? throw Refusal.OfMap(BpfMapType.InsnArray, errno, $"the jump table of program '{program.Definition.Name}'", context.Delegation?.ExplainMap(BpfMapType.InsnArray, errno) ?? "Indirect jumps need a newer kernel: compile with -mcpu=v3.");
        try
        {
            for (int i = 0; i < targets.Count; i++) Put(map, i, (uint)targets[i], offset);
            errno = BpfSyscall.MapFreeze(map);
            return errno == Errno.None ? map : throw Refusal.Of(BpfCommand.MapFreeze, errno, $"the jump table of program '{program.Definition.Name}'", "Its offsets must not change once the program is verified.", BpfDiagnosticId.MapContentsRefused);
        }
        catch
        {
            map.Dispose();
            throw;
        }
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

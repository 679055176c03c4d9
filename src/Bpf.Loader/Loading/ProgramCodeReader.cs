using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Loading;

/// <summary>Fetches the code of a loaded program, and what its types say of it.</summary>
[SupportedOSPlatform("linux")]
internal static class ProgramCodeReader
{
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public static BpfProgramCode Read(BpfProgram program)
    {
        Check(BpfSyscall.GetProgramInfo(program.Handle, out ProgInfo sizes), program);
        byte[] xlated = new byte[sizes.XlatedLength], jited = new byte[sizes.JitedLength];
        byte[] functions = new byte[sizes.FuncInfoCount * sizes.FuncInfoRecordSize], lines = new byte[sizes.LineInfoCount * sizes.LineInfoRecordSize];
        ulong[] addresses = new ulong[sizes.JitedKsymCount], lineAddresses = new ulong[sizes.JitedLineInfoCount], tags = new ulong[sizes.TagCount];
        uint[] lengths = new uint[sizes.JitedFuncLengthCount];
        Check(
            BpfSyscall.GetProgramInfo(program.Handle, out ProgInfo info, new ProgramInfoBuffers
            {
                XlatedInstructions = xlated,
                JitedInstructions = jited,
                JitedKsyms = addresses,
                JitedFuncLengths = lengths,
                FuncInfo = functions,
                FuncInfoRecordSize = sizes.FuncInfoRecordSize,
                LineInfo = lines,
                LineInfoRecordSize = sizes.LineInfoRecordSize,
                JitedLineInfo = lineAddresses,
                Tags = tags,
            }),
            program);

        // A kernel that hides something says so by taking back the pointer to it (bpf_jit_harden, or no CAP_BPF).
        BtfReader? types = functions.Length + lines.Length > 0 ? ProgramBtf.Read(program) : null;
        return new BpfProgramCode
        {
            Instructions = info.XlatedInstructions == 0 ? default : MemoryMarshal.Cast<byte, BpfInstruction>(xlated).ToArray(),
            MachineCode = info.JitedInstructions == 0 ? default : jited,
            Functions = ReadFunctions(types, functions, (int)sizes.FuncInfoRecordSize, addresses, lengths, tags),
            Lines = types is null ? [] : ReadLines(types, lines, (int)sizes.LineInfoRecordSize, lineAddresses),
        };
    }

    // Each of the arrays may be missing; those that are there have an entry a function.
    private static BpfProgramFunction[] ReadFunctions(BtfReader? types, byte[] records, int size, ulong[] addresses, uint[] lengths, ulong[] tags)
    {
        int described = size == 0 ? 0 : records.Length / size;
        var functions = new BpfProgramFunction[Math.Max(Math.Max(described, addresses.Length), Math.Max(lengths.Length, tags.Length))];
        for (int i = 0; i < functions.Length; i++)
        {
            (string name, int first, BtfTypeId type) = ("", 0, default);
            if (types is not null && i < described)
            {
                BtfFuncInfo record = BtfFuncInfo.Decode(records.AsSpan(i * size, size), !BitConverter.IsLittleEndian);
                type = types.Contains(record.TypeId) ? record.TypeId : default;
                name = type.IsVoid ? "" : types[type].Name;
                first = (int)record.InstructionOffset; // the kernel counts instructions, not bytes
            }

            functions[i] = new BpfProgramFunction(
                name, first,
                i < tags.Length ? Convert.ToHexStringLower(BitConverter.GetBytes(tags[i])) : "",
                i < addresses.Length ? addresses[i] : 0,
                i < lengths.Length ? lengths[i] : 0)
            {
                TypeId = type,
            };
        }

        return functions;
    }

    private static List<BpfProgramLine> ReadLines(BtfReader types, byte[] records, int size, ulong[] addresses)
    {
        var lines = new List<BpfProgramLine>();
        for (int i = 0; size > 0 && (i + 1) * size <= records.Length; i++)
        {
            BtfLineInfo record = BtfLineInfo.Decode(records.AsSpan(i * size, size), !BitConverter.IsLittleEndian);
            lines.Add(new BpfProgramLine(
                (int)record.InstructionOffset, record.GetFileName(types), record.Line, record.Column, record.GetText(types),
                i < addresses.Length ? addresses[i] : 0));
        }

        return lines;
    }

    private static void Check(Errno errno, BpfProgram program)
    {
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"the code of program '{program.Name}'");
    }
}

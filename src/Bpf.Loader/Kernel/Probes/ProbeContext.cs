using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>What every probe is made of: tiny maps, programs and BTF, and the reading of their fate.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ProbeContext(FileDescriptorHandle? token)
{
    /// <summary><c>r0 = 0; exit</c>.</summary>
    public static ReadOnlySpan<BpfInstruction> ReturnZero => Trivial;

    private static readonly BpfInstruction[] Trivial = [ProbeCode.MoveImmediate(0, 0), ProbeCode.Exit()];

    /// <summary>The token with whose rights to ask, if any.</summary>
    public FileDescriptorHandle? Token => token;

    /// <summary>Loads a program.</summary>
    public FileDescriptorHandle? LoadProgram(
        BpfProgramType type,
        ReadOnlySpan<BpfInstruction> code,
        out Errno errno,
        BpfAttachType expectedAttachType = 0,
        ReadOnlySpan<byte> name = default)
    {
        var request = new ProgramLoadRequest
        {
            Type = type,
            ExpectedAttachType = expectedAttachType,
            Instructions = MemoryMarshal.AsBytes(code),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            Name = name,
            Token = token,
        };
        return BpfSyscall.ProgramLoad(request, out errno);
    }

    /// <summary>Whether a program loads.</summary>
    public FeatureSupport TryProgram(BpfProgramType type, ReadOnlySpan<BpfInstruction> code, BpfAttachType expectedAttachType = 0)
    {
        FileDescriptorHandle? program = LoadProgram(type, code, out Errno errno, expectedAttachType);
        return ProbeAnswer.Of(program, errno);
    }

    /// <summary>Creates an array of one value.</summary>
    public FileDescriptorHandle? CreateArray(uint valueSize, out Errno errno, BpfMapFlags flags = BpfMapFlags.None)
    {
        var request = new MapCreateRequest
        {
            Type = BpfMapType.Array,
            KeySize = sizeof(int),
            ValueSize = valueSize,
            MaxEntries = 1,
            Flags = flags,
            Token = token,
        };
        return BpfSyscall.MapCreate(request, out errno);
    }

    /// <summary>Whether BTF of these types and strings loads.</summary>
    public FeatureSupport TryBtf(ReadOnlySpan<uint> types, ReadOnlySpan<byte> strings)
    {
        FileDescriptorHandle? btf = LoadBtf(ProbeBtf.Build(types, strings), out Errno errno);
        return ProbeAnswer.Of(btf, errno);
    }

    /// <summary>Loads BTF.</summary>
    public FileDescriptorHandle? LoadBtf(ReadOnlySpan<byte> btf, out Errno errno)
        => BpfSyscall.BtfLoad(btf, default, 0, token, out errno);
}

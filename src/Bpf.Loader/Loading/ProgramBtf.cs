using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>Reads the BTF that a loaded program came with.</summary>
[SupportedOSPlatform("linux")]
internal static class ProgramBtf
{
    /// <summary>The BTF of a program; null when it has none.</summary>
    /// <exception cref="BpfException">The kernel does not give it: that needs CAP_SYS_ADMIN.</exception>
    public static BtfReader? Read(BpfProgram program)
    {
        uint id = program.GetInfo().BtfId;
        if (id == 0) return null;
        using FileDescriptorHandle handle = BpfSyscall.OpenById(BpfCommand.BtfGetFdById, id, 0, out Errno errno)
            ?? throw Refusal.Of(BpfCommand.BtfGetFdById, errno, $"the BTF of program '{program.Name}'");
        return BpfSyscall.ReadBtf(handle, out errno) is byte[] raw
            ? BtfReader.Read(raw)
            : throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"the BTF of program '{program.Name}'");
    }
}

using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>
/// Loads a program of a type. Types that need a target are given one that is refused, and the words of the refusal tell whether
/// the kernel knows the type or only its number.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ProgramTypeProbe
{
    private const int LogSize = 4096;

    /// <summary>Whether the kernel knows a type; denied when the process may not ask.</summary>
    public static FeatureSupport Ask(BpfProgramType type, out Errno errno)
    {
        if (type == BpfProgramType.Unspecified)
        {
            // The kernel refuses it whatever it knows.
            errno = Errno.EINVAL;
            return FeatureSupport.Missing;
        }

        byte[] log = new byte[LogSize];
        using FileDescriptorHandle? program = Load(type, ProbeContext.ReturnZero, log, out errno);
        return ProbeRights.Doubt(ProbeAnswer.Of(IsKnown(type, program is not null, errno, log), errno), NeededCapabilities.Of(type));
    }

    /// <summary>Loads code as a program of a type.</summary>
    public static FileDescriptorHandle? Load(
        BpfProgramType type, ReadOnlySpan<BpfInstruction> code, byte[] log, out Errno errno)
    {
        var request = new ProgramLoadRequest
        {
            Type = type,
            Instructions = MemoryMarshal.AsBytes(code),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            LogLevel = 1,
            Log = log,
        };
        Describe(ref request);
        return BpfSyscall.ProgramLoad(request, out errno);
    }

    /// <summary>Fills in what programs of the request's type need beside their code.</summary>
    public static void Describe(ref ProgramLoadRequest request)
    {
        request.ExpectedAttachType = AttachType(request.Type);
        request.Flags = request.Type == BpfProgramType.Syscall ? BpfProgramFlags.Sleepable : BpfProgramFlags.None;
        request.AttachBtfId = NeedsTarget(request.Type) ? 1u : 0u;
    }

    // Type 1 of the kernel's BTF is no function on any kernel.
    private static bool NeedsTarget(BpfProgramType type)
        => type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext;

    private static bool IsKnown(BpfProgramType type, bool isLoaded, Errno errno, ReadOnlySpan<byte> log) => type switch
    {
        BpfProgramType.Tracing or BpfProgramType.Lsm
            => errno == Errno.EINVAL && log.IndexOf("attach_btf_id 1 is not a function"u8) >= 0,
        BpfProgramType.Ext => errno == Errno.EINVAL && log.IndexOf("Cannot replace kernel functions"u8) >= 0,
        BpfProgramType.StructOps => errno == Errno.ENOTSUPP,
        _ => isLoaded,
    };

    private static BpfAttachType AttachType(BpfProgramType type) => type switch
    {
        BpfProgramType.CgroupSockAddr => BpfAttachType.CgroupInet4Connect,
        BpfProgramType.CgroupSockOpt => BpfAttachType.CgroupGetSockOpt,
        BpfProgramType.SkLookup => BpfAttachType.SkLookup,
        BpfProgramType.LircMode2 => BpfAttachType.LircMode2,
        BpfProgramType.Netfilter => BpfAttachType.Netfilter,
        BpfProgramType.Tracing => BpfAttachType.TraceFEntry,
        BpfProgramType.Lsm => BpfAttachType.LsmMac,
        _ => 0,
    };
}

using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>
/// Asks for an attachment to nothing: a kernel that knows the type looks for its target (EBADF, ENODEV and the like), another refuses
/// the type itself (EINVAL).
/// </summary>
[SupportedOSPlatform("linux")]
internal static class AttachTypeProbe
{
    private const int LogSize = 4096;

    private static readonly BpfInstruction[] ReturnOne = [ProbeCode.MoveImmediate(0, 1), ProbeCode.Exit()];

    /// <summary>Whether the kernel knows a type of attachment.</summary>
    /// <param name="type">The type.</param>
    /// <param name="program">A type of programs that are attached so; none when none is known, and nothing could be tried.</param>
    /// <param name="withoutLink">Whether the older way without a link counts too.</param>
    public static FeatureSupport Ask(BpfAttachType type, BpfProgramType program, bool withoutLink = true)
    {
        return ProbeRights.Doubt(Try(type, program, withoutLink), NeededCapabilities.Of(program));
    }

    private static FeatureSupport Try(BpfAttachType type, BpfProgramType program, bool withoutLink)
    {
        return type switch
        {
            BpfAttachType.PerfEvent => KernelFeatures.Current.Probe(KernelFeature.PerfLink),
            BpfAttachType.TraceUprobeMulti => KernelFeatures.Current.Probe(KernelFeature.UprobeMultiLink),
            BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession => Kprobes(type),
            // What is attached to is known when the program is loaded, or by nobody but the map; the kernel's own list tells.
            BpfAttachType.Xdp or BpfAttachType.XdpDevMap or BpfAttachType.XdpCpuMap or BpfAttachType.StructOps or BpfAttachType.TraceUprobeSession
                or BpfAttachType.TraceFEntryMulti or BpfAttachType.TraceFExitMulti or BpfAttachType.TraceFSessionMulti => AskTypes(type),
            BpfAttachType.TraceRawTp or BpfAttachType.TraceFEntry or BpfAttachType.TraceFExit or BpfAttachType.ModifyReturn
                or BpfAttachType.LsmMac or BpfAttachType.LsmCgroup or BpfAttachType.TraceIter or BpfAttachType.TraceFSession => Tracing(type),
            _ => program == BpfProgramType.Unspecified ? FeatureSupport.Missing : Network(program, type, withoutLink),
        };
    }

    private static FeatureSupport Network(BpfProgramType type, BpfAttachType attachType, bool withoutLink)
    {
        using FileDescriptorHandle? program = Load(type, attachType, 0, null, out Errno errno);
        if (program is null) return ProbeAnswer.Of(program, errno);
        // A reuseport group is chosen by a socket option. That such a program loads says nothing of its hook, which kernels before 5.14 pass over.
        if (attachType is BpfAttachType.SkReusePortSelect or BpfAttachType.SkReusePortSelectOrMigrate) return AskTypes(attachType);

        using HandleUse use = program.Use();
        var link = new LinkCreateAttr { ProgFd = use.Unsigned, TargetFd = uint.MaxValue, AttachType = attachType };
        errno = Call(BpfCommand.LinkCreate, ref link, LinkCreateAttr.WireSize);
        if (Knows(errno)) return FeatureSupport.Supported;
        if (!withoutLink || ProbeAnswer.IsShortage(errno)) return ProbeAnswer.Of(false, errno);
        var older = new ProgAttachAttr { TargetFd = uint.MaxValue, AttachBpfFd = use.Unsigned, AttachType = attachType };
        // Before 5.8 a flow dissector is attached without a target: there, the type is known from the kernel's types.
        if (attachType is BpfAttachType.FlowDissector) return AskTypes(attachType);
        errno = Call(BpfCommand.ProgAttach, ref older, ProgAttachAttr.WireSize);
        return ProbeAnswer.Of(Knows(errno), errno);
    }

    // EAFNOSUPPORT: netfilter looks at the family first.
    private static bool Knows(Errno errno) => errno is Errno.EBADF or Errno.ENODEV or Errno.ENOENT or Errno.EAFNOSUPPORT;

    // A function that no kernel has: ESRCH where the type is known, EOPNOTSUPP without CONFIG_FPROBE, EINVAL before.
    private static FeatureSupport Kprobes(BpfAttachType type)
    {
        using FileDescriptorHandle? program = Load(BpfProgramType.Kprobe, type, 0, null, out Errno errno);
        if (program is null) return ProbeAnswer.Of(program, errno);
        var request = new LinkCreateRequest { Program = program, AttachType = type };
        using FileDescriptorHandle? link = BpfSyscall.LinkCreateKprobeMulti(request, 0, ["bpf_loader_no_such_function"], default, out errno);
        return ProbeAnswer.Of(errno is Errno.ESRCH or Errno.ENOENT, errno);
    }

    // Type 1 of the kernel's types fits none of these; a kernel that knows the type of attachment says so in the log.
    private static FeatureSupport Tracing(BpfAttachType type)
    {
        BpfProgramType program = type is BpfAttachType.LsmMac or BpfAttachType.LsmCgroup ? BpfProgramType.Lsm : BpfProgramType.Tracing;
        byte[] log = new byte[LogSize];
        using FileDescriptorHandle? handle = Load(program, type, 1, log, out Errno errno);
        return ProbeAnswer.Of(handle is not null || log.AsSpan().IndexOf("attach_btf_id 1 "u8) >= 0, errno);
    }

    private static FeatureSupport AskTypes(BpfAttachType type)
    {
        try
        {
            if (!KernelBtf.TryGetVmlinux(out BtfReader? types) || !types.TryFind("bpf_attach_type", BtfKind.Enum, out BtfTypeId id)) return FeatureSupport.Missing;
            foreach (BtfEnumerator value in types[id].Enumerators)
            {
                // The last is the count of the others.
                if (value.Value == (long)type) return value.NameUtf8.StartsWith("__MAX"u8) ? FeatureSupport.Missing : FeatureSupport.Supported;
            }

            return FeatureSupport.Missing;
        }
        catch (BpfException failure)
        {
            return ProbeAnswer.Of(failure);
        }
    }

    private static FileDescriptorHandle? Load(BpfProgramType type, BpfAttachType attachType, uint target, byte[]? log, out Errno errno)
    {
        var request = new ProgramLoadRequest
        {
            Type = type,
            ExpectedAttachType = attachType,
            AttachBtfId = target,
            Instructions = MemoryMarshal.AsBytes(ProbeContext.ReturnZero),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            LogLevel = log is null ? 0u : 1u,
            Log = log,
        };
        FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out errno);
        if (program is not null || errno != Errno.EINVAL || target != 0) return program;
        // Some hooks only take programs that return something else than 0; none minds 1.
        request.Instructions = MemoryMarshal.AsBytes(ReturnOne.AsSpan());
        return BpfSyscall.ProgramLoad(request, out errno);
    }

    private static Errno Call<T>(BpfCommand command, ref T attribute, uint size)
        where T : unmanaged
    {
        // Nothing can be attached to nothing; should it be, it does not stay.
        int fd = BpfSyscall.Call(command, ref attribute, size, out Errno errno);
        if (fd > 0) FileDescriptorHandle.Adopt(fd).Dispose();
        return errno;
    }
}

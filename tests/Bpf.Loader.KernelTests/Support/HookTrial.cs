using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Probes;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// Loads the smallest program of a kind, attaches it for a moment where it does no harm, and tells whether the kernel answers EPERM or
/// EACCES without a word of its verifier. Whatever else goes wrong is no policy: the test must meet it. It speaks to the kernel itself,
/// so that a fault of the library's loading or attaching cannot pass for one.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class HookTrial
{
    // An offset that never runs.
    private const ulong ElfHeader = 0;

    private const uint Loopback = 1, XdpGeneric = 1 << 1; // XDP_FLAGS_SKB_MODE

    /// <summary>The refusal, or null.</summary>
    public static string? Run(BpfProgramType type, BpfAttachType attachType, string target)
    {
        if (type is BpfProgramType.Tracing or BpfProgramType.Lsm)
        {
            uint id = FindTarget(attachType, target);
            return id == 0 ? null : Try(type, attachType, id);
        }

        return Try(type, attachType, 0);
    }

    /// <summary>The refusal of a probe of a function, by its kind, or null.</summary>
    public static string? RunProbe(string kind)
    {
        if (!EventSource.TryGetType(kind, out uint pmu)) return null;
        var attribute = new PerfEventAttr { Type = pmu, Config2 = kind == "uprobe" ? ElfHeader : 0 };
        using FileDescriptorHandle? probe = PerfEvent.Open(ref attribute, pid: -1, cpu: 0, kind == "uprobe" ? "/proc/self/exe" : TracedFunction.Name, out Errno errno);
        return Judge("perf_event_open", probe is not null, errno, hasLog: false);
    }

    private static string? Try(BpfProgramType type, BpfAttachType attachType, uint target)
    {
        byte[] log = new byte[4096];
        var request = new ProgramLoadRequest
        {
            Type = type,
            ExpectedAttachType = attachType,
            AttachBtfId = target,
            Instructions = MemoryMarshal.AsBytes(new BpfAssembler().Return(Harmless(type, attachType)).ToArray().AsSpan()),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            LogLevel = 1,
            Log = log,
        };
        using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(in request, out Errno errno, out _);
        if (program is null) return Judge("BPF_PROG_LOAD", isDone: false, errno, ProbeLog.Speaks(log));
        using FileDescriptorHandle? link = Attach(program, type, attachType, out string call, out errno);
        return Judge(call, link is not null, errno, hasLog: false);
    }

    /// <summary>Whether what a call answers is a refusal by policy: a "no" to whoever asks, which says nothing of what was asked for.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isDone">Whether it did what it was asked to.</param>
    /// <param name="errno">What it answers if not.</param>
    /// <param name="hasLog">Whether the verifier has said something: then it is the program that is wrong.</param>
    internal static string? Judge(string call, bool isDone, Errno errno, bool hasLog) =>
        !isDone && !hasLog && errno is Errno.EPERM or Errno.EACCES ? $"{call} answers {errno}, whoever asks" : null;

    // A result that lets pass what the program is asked about, where it is asked at all while the trial lasts.
    private static int Harmless(BpfProgramType type, BpfAttachType attachType) => type switch
    {
        BpfProgramType.Xdp => 2, // XDP_PASS
        BpfProgramType.SchedCls => -1, // TCX_NEXT
        BpfProgramType.SkLookup or BpfProgramType.Netfilter => 1, // SK_PASS, NF_ACCEPT
        _ => attachType is BpfAttachType.LsmCgroup || type.ToString().StartsWith("Cgroup", StringComparison.Ordinal) ? 1 : 0,
    };

    // No link where there is none of that kind, or where none can be made without a device, socket or cgroup of a test's own.
    private static FileDescriptorHandle? Attach(FileDescriptorHandle program, BpfProgramType type, BpfAttachType attachType, out string call, out Errno errno)
    {
        var request = new LinkCreateRequest { Program = program, AttachType = attachType };
        call = "BPF_LINK_CREATE";
        switch (type)
        {
            case BpfProgramType.Tracing or BpfProgramType.Lsm when attachType is not (BpfAttachType.TraceIter or BpfAttachType.LsmCgroup):
                call = "BPF_RAW_TRACEPOINT_OPEN";
                return BpfSyscall.RawTracepointOpen(program, null, 0, out errno);
            case BpfProgramType.Tracing when attachType == BpfAttachType.TraceIter:
                return BpfSyscall.LinkCreateIterator(request, default, out errno);
            case BpfProgramType.RawTracepoint:
                call = "BPF_RAW_TRACEPOINT_OPEN";
                return BpfSyscall.RawTracepointOpen(program, "sched_switch", 0, out errno);
            case BpfProgramType.Kprobe when attachType is BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession:
                return BpfSyscall.LinkCreateKprobeMulti(request, 0, [TracedFunction.Name], default, out errno);
            case BpfProgramType.Xdp when attachType == BpfAttachType.Xdp:
                request.TargetIfIndex = Loopback;
                request.Flags = XdpGeneric;
                return BpfSyscall.LinkCreate(request, out errno);
            case BpfProgramType.SchedCls when attachType is BpfAttachType.TcxIngress or BpfAttachType.TcxEgress or BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer:
                request.TargetIfIndex = Loopback; // which is no netkit: ENOENT, unless it is forbidden before
                return BpfSyscall.LinkCreateAnchored(request, null, 0, 0, out errno);
            case BpfProgramType.Netfilter:
                return BpfSyscall.LinkCreateNetfilter(request, family: 2, hook: 0, priority: 100, flags: 0, out errno);
            default:
                errno = Errno.None;
                return null;
        }
    }

    // Of modules, only the kernel's own functions are tried in place of theirs.
    private static uint FindTarget(BpfAttachType attachType, string target)
    {
        (string prefix, string stand, BtfKind kind) = attachType switch
        {
            BpfAttachType.TraceIter => ("bpf_iter_", "task", BtfKind.Function),
            BpfAttachType.TraceRawTp => ("btf_trace_", "sched_switch", BtfKind.Typedef),
            BpfAttachType.LsmMac or BpfAttachType.LsmCgroup => ("bpf_lsm_", "file_open", BtfKind.Function),
            BpfAttachType.ModifyReturn => ("", "security_file_ioctl", BtfKind.Function),
            _ => ("", TracedFunction.Name, BtfKind.Function),
        };
        return KernelBtf.Vmlinux.TryFind(prefix + target, kind, out BtfTypeId id) || KernelBtf.Vmlinux.TryFind(prefix + stand, kind, out id)
            ? (uint)id.Value
            : 0;
    }
}

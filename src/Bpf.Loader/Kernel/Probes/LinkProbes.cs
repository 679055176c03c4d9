using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>How programs can be attached.</summary>
[SupportedOSPlatform("linux")]
internal static class LinkProbes
{
    public static FeatureSupport PerfLink(ProbeContext context)
    {
        using FileDescriptorHandle? program = context.LoadProgram(
            BpfProgramType.Tracepoint, ProbeContext.ReturnZero, out Errno errno);
        if (program is null)
            return ProbeContext.Judge(program, errno);
        using HandleUse use = program.Use();
        var attribute = new LinkCreateAttr
        {
            ProgFd = use.Unsigned,
            TargetFd = uint.MaxValue,
            AttachType = BpfAttachType.PerfEvent,
        };

        // A kernel that knows perf events looks for the descriptor; another refuses the attach type.
        return Create(ref attribute) == Errno.EBADF ? FeatureSupport.Supported : FeatureSupport.Missing;
    }

    public static FeatureSupport UprobeMulti(ProbeContext context)
    {
        using FileDescriptorHandle? program = context.LoadProgram(
            BpfProgramType.Kprobe, ProbeContext.ReturnZero, out Errno errno, BpfAttachType.TraceUprobeMulti);
        if (program is null)
            return ProbeContext.Judge(program, errno);

        // A directory is no binary (EBADF), and no process has the number -1 (EINVAL): kernels that do not check the number
        // filter by thread instead of by process, and are taken for kernels without the feature.
        bool known = BpfSyscall.ProbeUprobeMulti(program, "/", pid: 0) == Errno.EBADF;
        bool sound = known && BpfSyscall.ProbeUprobeMulti(program, "/", pid: -1) == Errno.EINVAL;
        return sound ? FeatureSupport.Supported : FeatureSupport.Missing;
    }

    /// <summary>The system call answers ENXIO outside of the kernel's own trampoline (6.18, x86-64 only).</summary>
    public static FeatureSupport UprobeSyscall(ProbeContext context)
    {
        _ = context;
        if (SystemCallNumbers.Uprobe < 0)
            return FeatureSupport.Missing;
        return LibC.SystemCall(SystemCallNumbers.Uprobe, 0, 0, 0) < 0 && LibC.LastError == Errno.ENXIO
            ? FeatureSupport.Supported
            : FeatureSupport.Missing;
    }

    public static FeatureSupport CommonAttributes(ProbeContext context)
    {
        _ = context;
        return BpfSyscall.ProbeCommonAttributes() == Errno.EFAULT ? FeatureSupport.Supported : FeatureSupport.Missing;
    }

    private static Errno Create(ref LinkCreateAttr attribute)
    {
        int fd = BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute, LinkCreateAttr.WireSize, out Errno errno);
        if (fd >= 0)
            FileDescriptorHandle.Adopt(fd).Dispose();
        return errno;
    }
}

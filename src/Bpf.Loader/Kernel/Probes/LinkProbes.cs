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
            return ProbeAnswer.Of(program, errno);
        using HandleUse use = program.Use();
        var attribute = new LinkCreateAttr
        {
            ProgFd = use.Unsigned,
            TargetFd = uint.MaxValue,
            AttachType = BpfAttachType.PerfEvent,
        };

        // A kernel that knows perf events looks for the descriptor; another refuses the attach type.
        errno = Create(ref attribute);
        return ProbeAnswer.Of(errno == Errno.EBADF, errno);
    }

    public static FeatureSupport UprobeMulti(ProbeContext context)
    {
        using FileDescriptorHandle? program = context.LoadProgram(
            BpfProgramType.Kprobe, ProbeContext.ReturnZero, out Errno errno, BpfAttachType.TraceUprobeMulti);
        if (program is null)
            return ProbeAnswer.Of(program, errno);

        // A directory is no binary (EBADF), and no process has the number -1 (EINVAL): kernels that do not check the number
        // filter by thread instead of by process, and are taken for kernels without the feature.
        errno = BpfSyscall.ProbeUprobeMulti(program, "/", pid: 0);
        if (errno != Errno.EBADF)
            return ProbeAnswer.Of(false, errno);
        errno = BpfSyscall.ProbeUprobeMulti(program, "/", pid: -1);
        return ProbeAnswer.Of(errno == Errno.EINVAL, errno);
    }

    /// <summary>The system call answers ENXIO outside of the kernel's own trampoline (6.18, x86-64 only).</summary>
    public static FeatureSupport UprobeSyscall(ProbeContext context)
    {
        _ = context;
        if (SystemCallNumbers.Uprobe < 0)
            return FeatureSupport.Missing;
        Errno errno = LibC.SystemCall(SystemCallNumbers.Uprobe, 0, 0, 0) < 0 ? LibC.LastError : Errno.None;
        return ProbeAnswer.Of(errno == Errno.ENXIO, errno);
    }

    public static FeatureSupport CommonAttributes(ProbeContext context)
    {
        _ = context;
        Errno errno = BpfSyscall.ProbeCommonAttributes();
        return ProbeAnswer.Of(errno == Errno.EFAULT, errno);
    }

    private static Errno Create(ref LinkCreateAttr attribute)
    {
        int fd = BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute, LinkCreateAttr.WireSize, out Errno errno);
        if (fd >= 0)
            FileDescriptorHandle.Adopt(fd).Dispose();
        return errno;
    }
}

using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>
/// Programs whose target was settled when they were loaded: tp_btf, fentry, fexit, fmod_ret, fsession and LSM, and freplace
/// without a new target.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class TracingAttacher
{
    public static BpfLink Attach(ProgramToAttach program, string target, ulong cookie = 0)
    {
        var request = new LinkCreateRequest { Program = program.Handle, AttachType = program.AttachType };
        FileDescriptorHandle? handle = BpfSyscall.LinkCreateTracing(request, 0, cookie, out Errno errno);
        if (handle is not null) return new KernelLink(handle, target);

        if (errno == Errno.EINVAL && HasOlderWay(program))
        {
            // Kernels before 5.19 create these links by another command, which has no cookies.
            handle = BpfSyscall.RawTracepointOpen(program.Handle, null, 0, out Errno older);
            if (handle is not null && cookie == 0) return new KernelLink(handle, target);
            if (handle is not null)
            {
                handle.Dispose();
                throw new BpfNotSupportedException("a cookie", "5.19", BpfCommand.LinkCreate, errno, $"{target} of program '{program.Name}'");
            }

            throw AttachFailure.Of(BpfCommand.RawTracepointOpen, older, program, target, HintFor(older));
        }

        throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target, HintFor(errno), IdFor(errno));
    }

    private static bool HasOlderWay(ProgramToAttach program) => program.Type == BpfProgramType.Ext
        || program.AttachType is BpfAttachType.TraceRawTp or BpfAttachType.LsmMac or BpfAttachType.TraceFEntry
            or BpfAttachType.TraceFExit or BpfAttachType.ModifyReturn;

    private static BpfDiagnosticId? IdFor(Errno errno) => errno == Errno.EBUSY ? BpfDiagnosticId.AlreadyAttached : null;

    private static string? HintFor(Errno errno) => errno switch
    {
        Errno.EBUSY => "The program is attached already, or a tracer that does not share (ftrace with IPMODIFY) holds the function.",
        Errno.ENOTSUPP or Errno.EOPNOTSUPP => "This architecture or kernel has no BPF trampolines.",
        Errno.E2BIG => "38 programs are attached to that function already, and the kernel takes no more.",
        // Since f3a95075549e in 5.13 the kernel remembers what the program was loaded for, and tells only of modules that are gone.
        Errno.ENOENT when KernelVersion.Current.CompareTo(new KernelVersion(5, 13, 0)) < 0 =>
            "Kernels before 5.13 attach such a program only once: load it again to attach it again. They say the same when the module of its target was unloaded.",
        Errno.ENOENT => "What the program was loaded for is gone: its module was unloaded.",
        _ => null,
    };
}

using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Raw tracepoints: the arguments as the kernel passes them, before they are laid out for tracefs (4.17).</summary>
[SupportedOSPlatform("linux")]
internal static class RawTracepointAttacher
{
    public static BpfLink Attach(ProgramToAttach program, string name, ulong cookie)
    {
        string target = $"raw tracepoint {name}";
        FileDescriptorHandle? handle = BpfSyscall.RawTracepointOpen(program.Handle, name, cookie, out Errno errno);
        if (handle is not null) return new KernelLink(handle, target);
        if (errno == Errno.ENOENT) throw TracingFiles.NoRawTracepoint(program, target, name);
        if (errno == Errno.EINVAL && cookie != 0)
        {
            throw new BpfNotSupportedException(
                "a cookie", "6.9", BpfCommand.RawTracepointOpen, errno, $"{target} of program '{program.Name}'");
        }

        string? hint = errno == Errno.EINVAL ? $"The program must be of type RawTracepoint; this one is {program.Type}." : null;
        throw AttachFailure.Of(BpfCommand.RawTracepointOpen, errno, program, target, hint);
    }
}

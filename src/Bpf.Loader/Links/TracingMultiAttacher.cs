using System;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>The entries or exits of many kernel functions by trampolines: fentry.multi, fexit.multi, fsession.multi (newer than 6.19).</summary>
[SupportedOSPlatform("linux")]
internal static class TracingMultiAttacher
{
    /// <param name="program">The program, which was loaded for the kernel or for the pattern's module.</param>
    /// <param name="pattern"><c>[module:]pattern</c>.</param>
    public static BpfLink Attach(ProgramToAttach program, string pattern)
    {
        string target = $"functions {pattern}";
        int colon = pattern.IndexOf(':', StringComparison.Ordinal);
        BtfReader types = TypesOf(colon < 0 ? null : pattern[..colon], target);
        uint[] ids = TraceableTypes.Find(types, Encoding.UTF8.GetBytes(pattern[(colon + 1)..]));
        if (ids.Length == 0)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoMatch, target,
                $"The program '{program.Name}' cannot be attached to {target}: no traceable function of this kernel matches.", Errno.ENOENT);
        }

        var request = new LinkCreateRequest { Program = program.Handle, AttachType = program.AttachType };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateTracingMulti(request, ids, [], out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        throw errno is Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOTSUPP
            ? new BpfNotSupportedException("trampolines at many functions", null, BpfCommand.LinkCreate, errno, target)
            : AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target);
    }

    private static BtfReader TypesOf(string? module, string target)
    {
        if (module is null or "vmlinux") return KernelBtf.Vmlinux;
        foreach (KernelModuleBtf candidate in KernelBtf.Modules)
        {
            if (candidate.Name == module) return candidate.Types;
        }

        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchKernelFunction, target, $"The module '{module}' is not loaded, or has no BTF.", Errno.ENOENT);
    }
}

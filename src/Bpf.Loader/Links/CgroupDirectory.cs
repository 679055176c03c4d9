using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>Opens cgroups to attach to.</summary>
[SupportedOSPlatform("linux")]
internal static class CgroupDirectory
{
    /// <summary>Opens a cgroup of version 2.</summary>
    /// <exception cref="BpfAttachException">The path is not one.</exception>
    public static FileDescriptorHandle Open(ProgramToAttach program, string target, string path)
    {
        FileDescriptorHandle? directory = CgroupLookup.Open(path, out _, out CgroupProblem? problem);
        if (directory is not null) return directory;
        throw new BpfAttachException(
            problem!.Errno is Errno.EACCES or Errno.EPERM ? BpfDiagnosticId.AttachNotPermitted : BpfDiagnosticId.NotACgroup,
            target, $"The program '{program.Name}' cannot be attached to {target}: {problem.What}.", problem.Errno, problem.Operation, problem.Cure);
    }
}

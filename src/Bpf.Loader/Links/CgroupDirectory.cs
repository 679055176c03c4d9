using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Opens cgroups.</summary>
[SupportedOSPlatform("linux")]
internal static class CgroupDirectory
{
    /// <summary>Opens a cgroup of version 2.</summary>
    /// <exception cref="BpfAttachException">The path is not one.</exception>
    public static FileDescriptorHandle Open(ProgramToAttach program, string target, string path)
    {
        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        FileDescriptorHandle? directory = KernelFile.OpenDirectory(path, out Errno errno);
        if (directory is null)
        {
            throw new BpfAttachException(
                errno is Errno.EACCES or Errno.EPERM ? BpfDiagnosticId.AttachNotPermitted : BpfDiagnosticId.NotACgroup,
                target, $"{cannot}'{path}' cannot be opened as a directory: {BpfException.Describe(errno)}.", errno, "open");
        }

        if (FileSystems.GetMagic(path, out uint magic) == Errno.None && magic == FileSystems.Cgroup2) return directory;
        directory.Dispose();
        throw new BpfAttachException(
            BpfDiagnosticId.NotACgroup, target, $"{cannot}'{path}' is not a cgroup of version 2.", Errno.EBADF, "statfs", Hint());
    }

    private static string Hint()
    {
        foreach (string root in (string[])["/sys/fs/cgroup", "/sys/fs/cgroup/unified"])
        {
            if (File.Exists(root + "/cgroup.controllers")) return $"On this machine they are below {root}.";
        }

        return "Mount them: mount -t cgroup2 cgroup2 /sys/fs/cgroup.";
    }
}

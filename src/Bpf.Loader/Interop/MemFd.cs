using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Files that exist in memory only.</summary>
[SupportedOSPlatform("linux")]
internal static class MemFd
{
    private const uint CloseOnExec = 1;
    private const uint NoExecSeal = 8; // 6.3; older kernels answer EINVAL.

    /// <summary>Creates an empty one.</summary>
    public static FileDescriptorHandle? Create(string name, out Errno errno)
    {
        int fd = LibC.MemFdCreate(name, CloseOnExec | NoExecSeal);
        if (fd < 0 && LibC.LastError == Errno.EINVAL)
            fd = LibC.MemFdCreate(name, CloseOnExec);
        return FileDescriptorHandle.FromResult(fd, out errno);
    }
}

using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>
/// A BPF token (Linux 6.9): the right to use bpf(2), which a privileged process delegates to a user namespace by mounting a bpf
/// file system for it.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class BpfToken
{
    private const string DefaultPath = "/sys/fs/bpf";
    private const string PathVariable = "LIBBPF_BPF_TOKEN_PATH"; // the name that agents built on libbpf are deployed with

    /// <summary>Makes a token from a bpf file system.</summary>
    /// <param name="path">The file system; null tries the environment and the usual place, an empty text never tries.</param>
    /// <returns>The token; null when the usual place delegates nothing.</returns>
    /// <exception cref="BpfException">The file system was named, and gives no token.</exception>
    public static FileDescriptorHandle? Open(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(PathVariable);
        if (path is { Length: 0 }) return null;
        using FileDescriptorHandle? directory = KernelFile.OpenDirectory(path ?? DefaultPath, out Errno errno);
        if (directory is null)
            return path is null ? null : throw new BpfException("open", errno, $"bpf file system '{path}'", "Give the mount point of a bpf file system that was delegated to this process.");
        FileDescriptorHandle? token = BpfSyscall.TokenCreate(directory, out errno);
        if (token is not null || path is null) return token;
        throw Refusal.Of(
            BpfCommand.TokenCreate, errno, $"bpf file system '{path}'",
            errno == Errno.ENOENT ? "It delegates nothing: mount it with delegate_cmds, delegate_maps, delegate_progs and delegate_attachs." : null);
    }
}

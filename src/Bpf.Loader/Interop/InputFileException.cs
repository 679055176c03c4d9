using System.IO;

namespace Bpf.Loader.Interop;

/// <summary>A file that somebody named cannot be read; whoever asked for it says so in words of its own.</summary>
internal sealed class InputFileException(Errno errno, string reason) : IOException(reason)
{
    /// <summary>The kernel's answer, or the one that it would give.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>True when there is no such file.</summary>
    public bool IsMissing => Errno is Errno.ENOENT or Errno.ENOTDIR;
}

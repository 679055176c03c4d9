using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>
/// The root directory of a process or container, in which paths are resolved as those see them: no link, absolute or relative,
/// and no <c>..</c> leads out of it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class RootDirectory : IDisposable
{
    /// <summary>How many links a path may go through: MAXSYMLINKS, include/linux/namei.h.</summary>
    public const int MostLinks = 40;

    private const int Place = 0x200000 | 0x80000; // O_PATH, O_CLOEXEC
    private const int LongestLink = 4096; // PATH_MAX
    private const int Attempts = 16;

    // O_NOFOLLOW is another bit on arm and powerpc than elsewhere.
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le => 0x8000,
        _ => 0x20000,
    };

    private readonly FileDescriptorHandle _root;

    private RootDirectory(FileDescriptorHandle root) => _root = root;

    /// <summary>Opens a directory as a root.</summary>
    public static RootDirectory? Open(string path, out Errno errno)
    {
        FileDescriptorHandle? root = KernelFile.OpenPlace(path, out errno);
        return root is null ? null : new RootDirectory(root);
    }

    /// <summary>Which directory it is.</summary>
    public FileIdentity Identity => FileStatus.Of(_root, out _)?.Identity ?? default;

    /// <summary>Finds the place that a path leads to in this root; it can be opened, and stays what it is.</summary>
    public FileDescriptorHandle? Find(string path, out Errno errno)
    {
        FileDescriptorHandle? place = FindAtOnce(path, out errno);
        // ENOSYS before 5.6, EPERM of a seccomp filter that does not know the call, EAGAIN while somebody renames.
        return place is null && errno is Errno.ENOSYS or Errno.EPERM or Errno.EAGAIN ? FindByHand(path, out errno) : place;
    }

    public void Dispose() => _root.Dispose();

    internal FileDescriptorHandle? FindAtOnce(string path, out Errno errno)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            var how = new OpenHow { Flags = Place, Resolve = OpenHow.InRoot };
            using HandleUse use = _root.Use();
            for (int attempt = 0; ; attempt++)
            {
                nint fd = LibC.SystemCall(SystemCallNumbers.OpenAt2, use.Descriptor, text, (nint)(&how), sizeof(OpenHow), 0);
                FileDescriptorHandle? place = FileDescriptorHandle.FromResult((int)fd, out errno);
                if (place is not null || errno is not (Errno.EAGAIN or Errno.EINTR) || attempt == Attempts)
                    return place;
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Walks the path name by name, holding every directory on the way, so that a renamed one leads nowhere else.</summary>
    internal FileDescriptorHandle? FindByHand(string path, out Errno errno)
    {
        var way = new Stack<FileDescriptorHandle>();
        var names = new Stack<string>();
        Push(names, path);
        int links = 0;
        errno = Errno.None;
        try
        {
            while (names.TryPop(out string? name))
            {
                if (name == ".")
                    continue;
                if (name == "..")
                {
                    if (way.TryPop(out FileDescriptorHandle? left))
                        left.Dispose();
                    continue;
                }

                FileDescriptorHandle? place = OpenNext(way.TryPeek(out FileDescriptorHandle? at) ? at : _root, name, out errno);
                if (place is null)
                    return null;
                way.Push(place);
                if (FileStatus.Of(place, out errno) is not { } status)
                    return null;
                if (status.Kind != FileKind.Link)
                    continue;

                way.Pop();
                string? target = ReadLink(place, out errno);
                place.Dispose();
                if (target is null || ++links > MostLinks)
                {
                    errno = target is null ? errno : Errno.ELOOP;
                    return null;
                }

                if (target.StartsWith('/'))
                    Close(way);
                Push(names, target);
            }

            return way.TryPop(out FileDescriptorHandle? found) ? found : _root.Duplicate();
        }
        finally
        {
            Close(way);
        }
    }

    private static void Push(Stack<string> names, string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--)
            names.Push(parts[i]);
    }

    private static void Close(Stack<FileDescriptorHandle> way)
    {
        while (way.TryPop(out FileDescriptorHandle? place))
            place.Dispose();
    }

    private static FileDescriptorHandle? OpenNext(FileDescriptorHandle directory, string name, out Errno errno)
    {
        using HandleUse use = directory.Use();
        return FileDescriptorHandle.FromResult(LibC.OpenAt(use.Descriptor, name, Place | NoFollow, 0), out errno);
    }

    private static string? ReadLink(FileDescriptorHandle link, out Errno errno)
    {
        byte* buffer = stackalloc byte[LongestLink];
        using HandleUse use = link.Use();
        nint length = LibC.ReadLinkAt(use.Descriptor, "", buffer, LongestLink);
        errno = length < 0 ? LibC.LastError : Errno.None;
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>Where something is to be pinned: a path of which it is known that a bpf file system takes it.</summary>
/// <param name="Path">The file, as an absolute path.</param>
/// <param name="MissingFolders">The folders on the way that are not there, the outermost first.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct PinPlace(string Path, IReadOnlyList<string> MissingFolders)
{
    private const int LongestName = 255; // NAME_MAX
    private const int LongestPath = 4095; // PATH_MAX with its NUL

    /// <summary>Looks whether something can be pinned under a path, before anything is changed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="where">What is to be pinned there, as in <c>map 'counts' at '/sys/fs/bpf/counts'</c>.</param>
    /// <param name="command">The command that this is for.</param>
    /// <exception cref="BpfException">It is on no bpf file system, or has names that such a file system does not take.</exception>
    public static PinPlace Of(string path, string where, BpfCommand command = BpfCommand.ObjPin)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal)) throw Bad(command, where, Errno.EINVAL, "A path holds no NUL, and ends there for the kernel.");
        string full = System.IO.Path.GetFullPath(path), file = System.IO.Path.GetFileName(full);
        if (file.Length == 0) throw Bad(command, where, Errno.EISDIR, "The path names a folder: add the name of a file.");
        if (Encoding.UTF8.GetByteCount(full) > LongestPath) throw Bad(command, where, Errno.ENAMETOOLONG, $"A path takes at most {LongestPath} bytes.");

        var missing = new Stack<string>();
        string folder = System.IO.Path.GetDirectoryName(full)!;
        uint magic;
        while (FileSystems.GetMagic(folder, out magic) is var errno && errno != Errno.None)
        {
            // EPERM is what such a file system says to names with dots.
            if (errno is not (Errno.ENOENT or Errno.EPERM or Errno.ENAMETOOLONG))
                throw new BpfException("statfs", errno, $"'{folder}'", $"It is needed for {where}.", BpfDiagnosticId.PinRefused);
            missing.Push(folder);
            folder = System.IO.Path.GetDirectoryName(folder)!;
        }

        if (magic != FileSystems.Bpf) throw new BpfException(command, Errno.EINVAL, where, ElsewhereHint(folder), BpfDiagnosticId.PinRefused);

        foreach (string name in missing.Select(System.IO.Path.GetFileName).Append(file).OfType<string>())
        {
            if (WhyBad(name) is string why) throw Bad(command, where, name.Length > LongestName ? Errno.ENAMETOOLONG : Errno.EPERM, why);
        }

        return new PinPlace(full, [.. missing]);
    }

    /// <summary>What to do about a folder in which nothing can be pinned.</summary>
    public static string ElsewhereHint(string folder) =>
        $"'{folder}' is not on a bpf file system: pin below one, or mount one with 'mount -t bpf bpf /sys/fs/bpf' or BpfFileSystem.Mount().";

    /// <summary>Why a file or folder of a bpf file system cannot have a name; null when it can.</summary>
    public static string? WhyBad(string name) =>
        name.Contains('.', StringComparison.Ordinal) ? $"The name '{name}' has a dot, which a bpf file system takes in no name of a file or folder: write '{name.Replace('.', '_')}', for example."
        : Encoding.UTF8.GetByteCount(name) > LongestName ? $"The name '{name[..32]}...' takes more than {LongestName} bytes."
        : null;

    /// <summary>Why a name that somebody else chose cannot be that of a pin; null when it can. With <c>..</c>, it would lead to somebody else's file.</summary>
    public static string? WhyBadFile(string name) =>
        name.Length == 0 ? "It is empty."
        : name is "." or ".." ? $"'{name}' is a folder."
        : name.Contains('/', StringComparison.Ordinal) ? "Its slash leads into another folder."
        : name.Any(char.IsControl) ? "It has control characters."
        : WhyBad(name);

    private static BpfException Bad(BpfCommand command, string where, Errno errno, string hint) => new(command, errno, where, hint, BpfDiagnosticId.BadPinPath);
}

using System;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// The files as a process sees them: our own, or those below another root, in which every path is resolved there. A file of
/// ours is never taken for one of another root.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FileView : IDisposable
{
    private const string OwnRoot = "/proc/self/root";

    private readonly RootDirectory? _root;

    private FileView(RootDirectory? root, string prefix)
    {
        _root = root;
        Prefix = prefix;
    }

    /// <summary>What is put in front of a path of another root in messages; empty for our own.</summary>
    public string Prefix { get; }

    /// <summary>True for the files that we see ourselves.</summary>
    public bool IsOwn => _root is null;

    /// <summary>Our own view.</summary>
    public static FileView Own() => new(null, "");

    /// <summary>The view of a process.</summary>
    /// <exception cref="BpfAttachException">There is no such process, or its root may not be looked into.</exception>
    public static FileView OfProcess(int processId)
    {
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        return IsSame(process) ? Own() : OfRoot($"{process}/root");
    }

    /// <summary>The view of a root directory.</summary>
    /// <exception cref="BpfAttachException">It cannot be opened.</exception>
    public static FileView OfRoot(string root)
    {
        RootDirectory directory = RootDirectory.Open(root, out Errno errno) ?? throw new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, $"root '{root}'", $"The root directory '{root}' cannot be looked into: {BpfException.Describe(errno)}.", errno, "open",
            errno is Errno.EACCES or Errno.EPERM ? "The process belongs to another user: then CAP_SYS_PTRACE is needed." : "The process has ended.");
        return new FileView(directory, root);
    }

    /// <summary>Takes a path through the root of a process, <c>/proc/PID/root/…</c>, apart: what is behind is a path of that root.</summary>
    public static bool TrySplitRoot(string path, out string root, out string rest)
    {
        root = rest = "";
        const string Start = "/proc/", Mark = "/root/";
        if (!path.StartsWith(Start, StringComparison.Ordinal)) return false;
        int mark = path.IndexOf(Mark, Start.Length, StringComparison.Ordinal);
        // /proc/PID/root, or /proc/PID/task/TID/root
        if (mark < 0 || path[Start.Length..mark].Split('/') is not ([_] or [_, "task", _])) return false;
        root = path[..(mark + Mark.Length - 1)];
        rest = path[(mark + Mark.Length - 1)..];
        return true;
    }

    /// <summary>Opens the file at a path of this view.</summary>
    /// <exception cref="InputFileException">There is none, or it cannot be read.</exception>
    public BinaryFile Open(string path)
    {
        if (_root is null) return new BinaryFile(InputFile.Open(path), path, byDescriptor: false);
        using FileDescriptorHandle place = Find(path, out Errno errno) ?? throw new InputFileException(errno, $"{BpfException.Describe(errno)}.");
        return new BinaryFile(InputFile.Open(place, Prefix + path), Prefix + path, byDescriptor: true);
    }

    /// <summary>Whether there is a file at a path, and one that may be executed if it is to be a program.</summary>
    public bool HasFile(string path, bool program)
    {
        using FileDescriptorHandle? place = Find(path, out _);
        return place is not null && FileStatus.Of(place, out _) is { Kind: FileKind.Regular } status && (!program || status.IsExecutable);
    }

    /// <summary>
    /// The path, as we see it, that the kernel has for a path of this view, whether or not there is a file: links are followed to where
    /// it was. Null when its directory is not there.
    /// </summary>
    public string? KernelNameOf(string path)
    {
        for (int links = 0; links <= RootDirectory.MostLinks; links++)
        {
            string directory = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".", file = Path.GetFileName(path);
            using FileDescriptorHandle? place = Find(directory, out _);
            if (place is null) return null;
            using HandleUse use = place.Use();
            string opened = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}");
            if (LinkTarget.Of($"{opened}/{file}") is not { Length: > 0 } target)
                return LinkTarget.Of(opened) is ['/', ..] name ? Path.Combine(name, file) : null;
            path = target.StartsWith('/') ? target : $"{directory}/{target}";
        }

        return null;
    }

    private FileDescriptorHandle? Find(string path, out Errno errno) => _root is null ? KernelFile.OpenPlace(path, out errno) : _root.Find(path, out errno);

    public void Dispose() => _root?.Dispose();

    // The same root directory in the same mount namespace: every path leads to the same file.
    private static bool IsSame(string process)
    {
        FileIdentity root = FileIdentity.Of($"{process}/root"), space = FileIdentity.Of($"{process}/ns/mnt");
        return root.Exists && space.Exists && root == FileIdentity.Of(OwnRoot) && space == FileIdentity.Of("/proc/self/ns/mnt");
    }
}

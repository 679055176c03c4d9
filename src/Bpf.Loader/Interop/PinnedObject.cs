using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Opens what is pinned, if it is what is wanted: BPF_OBJ_GET opens whatever there is.</summary>
[SupportedOSPlatform("linux")]
internal static class PinnedObject
{
    /// <summary>Opens a pin of a certain kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">The kind, of <see cref="DescriptorKind"/>.</param>
    /// <param name="access">BPF_F_RDONLY or BPF_F_WRONLY for maps, or none.</param>
    /// <exception cref="BpfException">Nothing is there, something else is, or the kernel refused.</exception>
    public static FileDescriptorHandle Open(string path, string kind, BpfMapFlags access = BpfMapFlags.None) =>
        TryOpen(path, kind, $"{DescriptorKind.Word(kind)} at '{path}'", access) ?? throw Refusal.Of(BpfCommand.ObjGet, Errno.ENOENT, $"{DescriptorKind.Word(kind)} at '{path}'");

    /// <summary>As <see cref="Open"/>; null when nothing is there.</summary>
    public static FileDescriptorHandle? TryOpen(string path, string kind, string what, BpfMapFlags access = BpfMapFlags.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal)) PinPlace.Of(path, what, BpfCommand.ObjGet);
        FileDescriptorHandle? handle = BpfSyscall.ObjectGet(path, access, out Errno errno);
        if (handle is null) return errno == Errno.ENOENT ? null : throw Refused(path, what, errno);

        return Checked(handle, kind, what);
    }

    /// <summary>Gives back what was opened, if it is of a certain kind.</summary>
    /// <exception cref="BpfException">It is of another kind; it is closed.</exception>
    public static FileDescriptorHandle Checked(FileDescriptorHandle handle, string kind, string what)
    {
        // Without /proc nobody tells, and the commands of the kind will.
        string? actual = DescriptorKind.Of(handle);
        if (actual is null || DescriptorKind.IsOf(actual, kind)) return handle;
        handle.Dispose();
        throw WrongKind(what, Errno.EINVAL, $"What is pinned there is no {DescriptorKind.Word(kind)}, but a {DescriptorKind.Word(actual)}{Opener(actual)}.");
    }

    // EACCES is also the kernel's word for a file that keeps nothing.
    private static BpfException Refused(string path, string what, Errno errno)
    {
        if (errno is Errno.EACCES or Errno.EPERM && FileSystems.GetMagic(path, out uint magic) == Errno.None)
        {
            string type = FileType.Describe(path);
            if (magic != FileSystems.Bpf) return WrongKind(what, errno, $"It is {type}, and not on a bpf file system.");
            if (Capabilities.Read() is not Capabilities present || present.Has(Capability.SysAdmin) || type == "a folder")
                return WrongKind(what, errno, type == "a folder" ? "It is a folder." : "It is a file of the bpf file system that keeps nothing, such as an iterator to be read.");
        }

        // EPERM is what a bpf file system says to a name with a dot.
        if (errno == Errno.EPERM) PinPlace.Of(path, what, BpfCommand.ObjGet);
        return Refusal.Of(BpfCommand.ObjGet, errno, what);
    }

    private static BpfException WrongKind(string what, Errno errno, string hint) => new(BpfCommand.ObjGet, errno, what, hint, BpfDiagnosticId.PinnedOtherKind);

    private static string Opener(string kind) => DescriptorKind.Word(kind) switch
    {
        "map" => $", which {nameof(BpfMap)}.{nameof(BpfMap.OpenPinned)} opens",
        "program" => $", which {nameof(BpfProgram)}.{nameof(BpfProgram.OpenPinned)} opens",
        "link" => $", which {nameof(BpfLink)}.{nameof(BpfLink.OpenPinned)} opens",
        _ => "",
    };
}

using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

/// <summary>
/// A folder of a bpf file system that is held open: pins in it are made and found wherever it is mounted by then, if it still is, and whatever
/// was mounted above it (Linux 6.5).
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class BpfPinFolder : IDisposable
{
    private static readonly KernelVersion FirstWithFolders = new(6, 5, 0);

    private readonly FileDescriptorHandle _folder;

    private BpfPinFolder(string path, FileDescriptorHandle folder)
    {
        Path = path;
        _folder = folder;
    }

    /// <summary>The path by which it was opened.</summary>
    public string Path { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder, on a file system of type bpf.</param>
    /// <exception cref="BpfException">There is none, or it is on another file system (<see cref="BpfDiagnosticId.PinRefused"/>).</exception>
    public static BpfPinFolder Open(string path = BpfFileSystem.DefaultPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileDescriptorHandle folder = KernelFile.OpenDirectory(path, out Errno errno) ?? throw new BpfException("open", errno, $"the folder '{path}'", null, BpfDiagnosticId.PinRefused);
        // Of the folder that is open: another may be mounted at its path by now.
        if (FileSystems.GetMagic(folder, out uint magic) == Errno.None && magic == FileSystems.Bpf) return new BpfPinFolder(path, folder);
        folder.Dispose();
        throw new BpfException("open", Errno.EINVAL, $"the folder '{path}'", PinPlace.ElsewhereHint(path), BpfDiagnosticId.PinRefused);
    }

    /// <summary>Pins a map.</summary>
    /// <param name="map">The map; its <see cref="BpfMap.PinPath"/> does not change.</param>
    /// <param name="path">The path below the folder; folders on the way are there.</param>
    /// <exception cref="BpfException">Something is there already, the path has a name with a dot, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is older than 6.5.</exception>
    /// <exception cref="ArgumentException">The path is absolute.</exception>
    public void Pin(BpfMap map, string path)
    {
        ArgumentNullException.ThrowIfNull(map);
        Pin(map.Handle, path, $"map '{map.Name}'");
    }

    /// <summary>Pins a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="path">The path below the folder; folders on the way are there.</param>
    /// <inheritdoc cref="Pin(BpfMap, string)" path="/exception"/>
    public void Pin(BpfProgram program, string path)
    {
        ArgumentNullException.ThrowIfNull(program);
        Pin(program.Handle, path, $"program '{program.Name}'");
    }

    /// <summary>Pins a link.</summary>
    /// <param name="link">The link; its <see cref="BpfLink.PinPath"/> does not change.</param>
    /// <param name="path">The path below the folder; folders on the way are there.</param>
    /// <inheritdoc cref="Pin(BpfMap, string)" path="/exception"/>
    public void Pin(BpfLink link, string path)
    {
        ArgumentNullException.ThrowIfNull(link);
        Pin(link.RequireHandle(), path, $"link to {link.Target}");
    }

    /// <summary>Opens a pinned map.</summary>
    /// <param name="path">The path below the folder.</param>
    /// <param name="access">What the descriptor may be used for.</param>
    /// <exception cref="BpfException">Nothing is there, or something else than a map (<see cref="BpfDiagnosticId.PinnedOtherKind"/>).</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is older than 6.5.</exception>
    /// <exception cref="ArgumentException">The path is absolute.</exception>
    public BpfMap OpenMap(string path, BpfMapAccess access = BpfMapAccess.ReadWrite) => BpfMap.FromHandle(Open(path, DescriptorKind.Map, BpfMap.Flag(access)));

    /// <summary>Opens a pinned program.</summary>
    /// <param name="path">The path below the folder.</param>
    /// <exception cref="BpfException">Nothing is there, or something else than a program (<see cref="BpfDiagnosticId.PinnedOtherKind"/>).</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is older than 6.5.</exception>
    /// <exception cref="ArgumentException">The path is absolute.</exception>
    public BpfProgram OpenProgram(string path) => BpfProgram.FromHandle(Open(path, DescriptorKind.Program, BpfMapFlags.None));

    /// <summary>Opens a pinned link. Disposing what this returns does not detach, until the pin is removed.</summary>
    /// <param name="path">The path below the folder.</param>
    /// <exception cref="BpfException">Nothing is there, or something else than a link (<see cref="BpfDiagnosticId.PinnedOtherKind"/>).</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is older than 6.5.</exception>
    /// <exception cref="ArgumentException">The path is absolute.</exception>
    public BpfLink OpenLink(string path)
    {
        FileDescriptorHandle handle = Open(path, DescriptorKind.Link, BpfMapFlags.None);
        return new KernelLink(handle, LinkDescription.Of(handle));
    }

    /// <summary>Removes a pin, whatever it keeps.</summary>
    /// <param name="path">The path below the folder.</param>
    /// <exception cref="BpfException">It cannot be removed: <see cref="Errno.ENOENT"/> when there is none.</exception>
    /// <exception cref="ArgumentException">The path is absolute.</exception>
    public void Remove(string path)
    {
        Check(path, BpfCommand.ObjGet, "pin");
        Errno errno = KernelFile.UnlinkAt(_folder, path);
        if (errno != Errno.None) throw new BpfException("unlink", errno, Place("the pin", path), null);
    }

    /// <summary>Lets go of the folder; pins stay.</summary>
    public void Dispose() => _folder.Dispose();

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    private void Pin(FileDescriptorHandle handle, string path, string what)
    {
        Check(path, BpfCommand.ObjPin, what);
        Errno errno = BpfSyscall.ObjectPin(path, handle, _folder);
        if (errno != Errno.None) throw Refused(BpfCommand.ObjPin, errno, Place(what, path));
    }

    private FileDescriptorHandle Open(string path, string kind, BpfMapFlags access)
    {
        string word = DescriptorKind.Word(kind);
        Check(path, BpfCommand.ObjGet, word);
        FileDescriptorHandle handle = BpfSyscall.ObjectGet(path, access, out Errno errno, _folder) ?? throw Refused(BpfCommand.ObjGet, errno, Place(word, path));
        return PinnedObject.Checked(handle, kind, Place(word, path));
    }

    private void Check(string path, BpfCommand command, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] == '/') throw new ArgumentException($"'{path}' is an absolute path, which is below no folder.", nameof(path));
        if (path.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A path holds no NUL, and ends there for the kernel.", nameof(path));
        foreach (string name in path.Split('/'))
        {
            if (PinPlace.WhyBad(name) is string why) throw new BpfException(command, Errno.EPERM, Place(what, path), why, BpfDiagnosticId.BadPinPath);
        }
    }

    private string Place(string what, string path) => $"{what} at '{path}' of '{Path}'";

    private static BpfException Refused(BpfCommand command, Errno errno, string what) =>
        errno == Errno.EINVAL && KernelVersion.Current.CompareTo(FirstWithFolders) < 0
            ? new BpfNotSupportedException("pins below an open folder", "6.5", command, errno, what)
            : Refusal.Of(command, errno, what);
}

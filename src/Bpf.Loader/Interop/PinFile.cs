using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <summary>A file of a bpf file system that keeps something in the kernel: the one place that makes such files, and takes them back.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PinFile
{
    private readonly Stack<string> _folders = [];

    private PinFile(string path) => Path = path;

    /// <summary>The file, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>Pins, and makes the folders that are missing on the way; what fails leaves none of them behind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="handle">What it shall keep.</param>
    /// <param name="what">What that is, as in <c>map 'counts'</c>.</param>
    /// <exception cref="BpfException">Nothing can be pinned there, something is there already, or the kernel refused.</exception>
    public static PinFile Create(string path, FileDescriptorHandle handle, string what) =>
        TryCreate(path, handle, what) ?? throw Refusal.Of(BpfCommand.ObjPin, Errno.EEXIST, $"{what} at '{path}'");

    /// <summary>As <see cref="Create"/>; null when something is there already.</summary>
    /// <inheritdoc cref="Create"/>
    public static PinFile? TryCreate(string path, FileDescriptorHandle handle, string what)
    {
        PinPlace place = PinPlace.Of(path, $"{what} at '{path}'");
        var pin = new PinFile(place.Path);
        Errno errno = Errno.None;
        foreach (string folder in place.MissingFolders)
        {
            errno = KernelFile.MakeDirectory(folder);
            if (errno == Errno.None) pin._folders.Push(folder);
            else if (errno != Errno.EEXIST) break;
        }

        bool hasFolder = errno is Errno.None or Errno.EEXIST;
        if (hasFolder) errno = BpfSyscall.ObjectPin(place.Path, handle);
        if (errno == Errno.None) return pin;
        pin.RemoveFolders();
        if (!hasFolder)
            throw new BpfException("mkdir", errno, $"'{System.IO.Path.GetDirectoryName(place.Path)}'", $"It is needed to pin {what} in it.", BpfDiagnosticId.PinRefused);
        return errno == Errno.EEXIST ? null : throw Refusal.Of(BpfCommand.ObjPin, errno, $"{what} at '{place.Path}'");
    }

    /// <summary>Removes a file that keeps something of ours, and leaves one that keeps something else by now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="own">What it should keep.</param>
    /// <param name="kind">What kind of thing that is, of <see cref="DescriptorKind"/>.</param>
    /// <param name="what">What that is, as in <c>map 'counts'</c>.</param>
    /// <returns>ENOENT when the file is gone.</returns>
    /// <exception cref="BpfException">Something else is pinned there.</exception>
    /// <remarks>The kernel has no way to look and remove at once: who pins something else there just between is not seen.</remarks>
    public static Errno Unpin(string path, FileDescriptorHandle own, string kind, string what)
    {
        using (FileDescriptorHandle? kept = BpfSyscall.ObjectGet(path, kind == DescriptorKind.Map ? BpfMapFlags.ReadOnly : BpfMapFlags.None, out _))
        {
            // Of what may not be opened nobody can tell.
            if (kept is not null && DescriptorKind.Of(kept) is { } actual && (!DescriptorKind.IsOf(actual, kind) || IdOf(kept, kind) != IdOf(own, kind)))
            {
                throw new BpfException(
                    "unlink", Errno.ESTALE, $"the pin '{path}' of {what}", $"Another {DescriptorKind.Word(actual)} is pinned there by now, and is left alone.", BpfDiagnosticId.PinRefused);
            }
        }

        return KernelFile.Unlink(path);
    }

    /// <summary>Gives a pinned map another path, at once, in the place of a certain map that is pinned there or of none.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">The other path, on the same file system.</param>
    /// <param name="inPlaceOf">What may be pinned there; null for nothing.</param>
    /// <param name="what">What is moved, as in <c>map 'counts'</c>.</param>
    /// <returns>The other path, as an absolute one.</returns>
    /// <exception cref="BpfException">Something else is pinned there, or the kernel refused.</exception>
    public static string Move(string from, string to, FileDescriptorHandle? inPlaceOf, string what)
    {
        string place = PinPlace.Of(to, $"{what} at '{to}'").Path;
        using (FileDescriptorHandle? kept = PinnedObject.TryOpen(place, DescriptorKind.Map, $"{what} at '{place}'"))
        {
            if (kept is not null && (inPlaceOf is null || IdOf(kept, DescriptorKind.Map) != IdOf(inPlaceOf, DescriptorKind.Map)))
                throw new BpfException("rename", Errno.EEXIST, $"the pin '{from}' of {what}", $"Another map is pinned at '{place}', and is left alone.", BpfDiagnosticId.PinRefused);
        }

        Errno errno = KernelFile.Rename(from, place);
        return errno == Errno.None ? place : throw new BpfException("rename", errno, $"the pin '{from}' of {what}", $"It was to become '{place}'.", BpfDiagnosticId.PinRefused);
    }

    private static uint IdOf(FileDescriptorHandle handle, string kind) =>
        kind == DescriptorKind.Map ? BpfSyscall.GetMapInfo(handle, out MapInfo map) == Errno.None ? map.Id : 0
        : kind == DescriptorKind.Link ? BpfSyscall.GetLinkInfo(handle, out LinkInfo link) == Errno.None ? link.Id : 0
        : BpfSyscall.GetProgramInfo(handle, out ProgInfo program) == Errno.None ? program.Id : 0;

    /// <summary>Removes the file, and those folders that were made for it and hold nothing else by now.</summary>
    public void Remove()
    {
        KernelFile.Unlink(Path);
        RemoveFolders();
    }

    private void RemoveFolders()
    {
        while (_folders.TryPop(out string? folder)) KernelFile.RemoveDirectory(folder);
    }
}

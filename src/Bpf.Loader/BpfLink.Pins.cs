using System;
using Bpf.Loader.Interop;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public abstract partial class BpfLink
{
    /// <summary>Where the link is pinned, as far as this object knows; null when it is not.</summary>
    public string? PinPath { get; private set; }

    /// <summary>Pins the link, so that the attachment outlives this object and the process.</summary>
    /// <param name="path">A path on a file system of type bpf, which takes no names with dots; folders that are missing on the way are made.</param>
    /// <exception cref="BpfException">
    /// The kernel refused, the path has a name with a dot (<see cref="BpfDiagnosticId.BadPinPath"/>), or the link is pinned already.
    /// </exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no link object for this attachment.</exception>
    public void Pin(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileDescriptorHandle handle = RequireHandle();
        if (PinPath is not null)
            throw new BpfException(BpfCommand.ObjPin, Errno.EBUSY, $"link to {Target}", $"It is pinned already, as {PinPath}.");

        PinFile.Create(path, handle, $"link to {Target}");
        PinPath = path;
    }

    /// <summary>Removes the pin; the attachment ends when this object is disposed.</summary>
    /// <exception cref="InvalidOperationException">The link is not pinned.</exception>
    /// <exception cref="BpfException">The pin cannot be removed: <see cref="Errno.ESTALE"/> when something else is pinned there by now.</exception>
    public void Unpin()
    {
        string path = PinPath ?? throw new InvalidOperationException($"The link to {Target} is not pinned.");
        Errno errno = PinFile.Unpin(path, RequireHandle(), DescriptorKind.Link, $"link to {Target}");
        if (errno is not (Errno.None or Errno.ENOENT))
            throw new BpfException("unlink", errno, $"pin {path}", null);
        PinPath = null;
    }

    /// <summary>Opens a pinned link. Disposing what this returns does not detach, until it is unpinned.</summary>
    /// <exception cref="BpfException">Nothing is pinned there, or something that is not a link (<see cref="BpfDiagnosticId.PinnedOtherKind"/>).</exception>
    public static BpfLink OpenPinned(string path)
    {
        FileDescriptorHandle handle = PinnedObject.Open(path, DescriptorKind.Link);
        return new KernelLink(handle, LinkDescription.Of(handle)) { PinPath = path };
    }

    /// <summary>As <see cref="OpenPinned"/>; null when nothing is pinned there.</summary>
    internal static BpfLink? TryOpenPinned(string path)
    {
        FileDescriptorHandle? handle = PinnedObject.TryOpen(path, DescriptorKind.Link, $"link at '{path}'");
        return handle is null ? null : new KernelLink(handle, LinkDescription.Of(handle)) { PinPath = path };
    }

    /// <summary>Opens a link by its id. Disposing what this returns does not detach while others hold the link.</summary>
    /// <exception cref="BpfException">There is no such link, or CAP_SYS_ADMIN is missing.</exception>
    public static BpfLink OpenById(uint id)
    {
        FileDescriptorHandle handle = BpfSyscall.OpenById(BpfCommand.LinkGetFdById, id, 0, out Errno errno)
            ?? throw Refusal.Of(BpfCommand.LinkGetFdById, errno, $"link {id}", errno == Errno.ENOENT ? "It is gone." : null);
        return new KernelLink(handle, LinkDescription.Of(handle));
    }
}

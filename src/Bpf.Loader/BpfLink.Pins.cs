using System;
using System.IO;
using Bpf.Loader.Interop;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public abstract partial class BpfLink
{
    /// <summary>Where the link is pinned, as far as this object knows; null when it is not.</summary>
    public string? PinPath { get; private set; }

    /// <summary>Pins the link, so that the attachment outlives this object and the process.</summary>
    /// <param name="path">A path on a file system of type bpf; its directory is created if only that is missing.</param>
    /// <exception cref="BpfException">The kernel refused, or the link is pinned already.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no link object for this attachment.</exception>
    public void Pin(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileDescriptorHandle handle = RequireHandle();
        if (PinPath is not null)
            throw new BpfException(BpfCommand.ObjPin, Errno.EBUSY, $"link to {Target}", $"It is pinned already, as {PinPath}.");

        if (Path.GetDirectoryName(path) is { Length: > 0 } directory && !Directory.Exists(directory))
            KernelFile.MakeDirectory(directory);
        Errno errno = BpfSyscall.ObjectPin(path, handle);
        if (errno != Errno.None)
            throw Refusal.Of(BpfCommand.ObjPin, errno, $"link to {Target} as {path}");
        PinPath = path;
    }

    /// <summary>Removes the pin; the attachment ends when this object is disposed.</summary>
    /// <exception cref="InvalidOperationException">The link is not pinned.</exception>
    /// <exception cref="BpfException">The pin cannot be removed.</exception>
    public void Unpin()
    {
        string path = PinPath ?? throw new InvalidOperationException($"The link to {Target} is not pinned.");
        Errno errno = KernelFile.Unlink(path);
        if (errno is not (Errno.None or Errno.ENOENT))
            throw new BpfException("unlink", errno, $"pin {path}", null);
        PinPath = null;
    }

    /// <summary>Opens a pinned link. Disposing what this returns does not detach, until it is unpinned.</summary>
    /// <exception cref="BpfException">Nothing is pinned there, or something that is not a link.</exception>
    public static BpfLink OpenPinned(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileDescriptorHandle handle = BpfSyscall.ObjectGet(path, BpfMapFlags.None, out Errno errno)
            ?? throw Refusal.Of(BpfCommand.ObjGet, errno, $"link {path}");
        try
        {
            // Maps and programs answer to a link's commands, each in its own way: the descriptor's name is what tells them apart.
            if (!DescriptorName.Of(handle).Contains("link", StringComparison.Ordinal))
                throw new BpfException(BpfCommand.ObjGet, Errno.EINVAL, $"link {path}", "What is pinned there is a map or a program.");
            return new KernelLink(handle, LinkDescription.Of(handle)) { PinPath = path };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
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

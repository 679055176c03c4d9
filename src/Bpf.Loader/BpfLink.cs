using System;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader;

/// <summary>
/// A program attached to a hook. Disposing detaches, unless the link is pinned or disconnected; without either, the end of the
/// process detaches too.
/// </summary>
/// <remarks>
/// Where the kernel has a link object for the hook, this owns its descriptor. On kernels without one the older way is used, and
/// disposing still detaches; pinning, updating and information are then not available.
/// </remarks>
[SupportedOSPlatform("linux")]
public abstract partial class BpfLink : IDisposable
{
    private int _disposed;
    private bool _disconnected;

    private protected BpfLink(FileDescriptorHandle? handle, string target)
    {
        Handle = handle;
        Target = target;
    }

    /// <summary>What the program is attached to, with its kind, such as <c>tracepoint sched/sched_switch</c>.</summary>
    public string Target { get; }

    /// <summary>True when the kernel has a link object for this attachment.</summary>
    public bool IsKernelLink => Handle is not null;

    /// <summary>The kernel's id of the link.</summary>
    /// <exception cref="BpfNotSupportedException">The kernel has no link object for this attachment.</exception>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public uint Id
    {
        get
        {
            Errno errno = BpfSyscall.GetLinkInfo(RequireHandle(), out LinkInfo info);
            return errno == Errno.None ? info.Id : throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"link to {Target}");
        }
    }

    /// <summary>The descriptor of the kernel's link; null when it has none for this attachment.</summary>
    internal FileDescriptorHandle? Handle { get; }

    /// <summary>
    /// Lets the attachment live on after this object as long as the kernel lets it: for links, as long as they are pinned or
    /// another descriptor of them is open; for older attachments, until somebody detaches them.
    /// </summary>
    public void Disconnect() => _disconnected = true;

    /// <summary>Replaces the program that runs, without a moment in which none runs.</summary>
    /// <param name="program">The new program, of the same type.</param>
    /// <param name="expected">The program that must be running now, or null for whichever it is.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EPERM"/> when another program than the expected one runs.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no link object for this attachment.</exception>
    /// <remarks>Linux 5.7.</remarks>
    public void Update(BpfProgram program, BpfProgram? expected = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        Update(program.Handle, expected?.Handle);
    }

    /// <inheritdoc cref="Update(BpfProgram, BpfProgram?)"/>
    internal void Update(FileDescriptorHandle program, FileDescriptorHandle? expected)
    {
        Errno errno = BpfSyscall.LinkUpdate(RequireHandle(), program, expected);
        if (errno == Errno.None) return;
        string? hint = errno switch
        {
            Errno.EPERM when expected is not null => "Another program than the expected one is attached.",
            Errno.ENOLINK => "The link was detached by force, or what it was attached to is gone.",
            Errno.EINVAL => "The kernel updates links of cgroups, network namespaces and devices, netfilter excepted, to programs of the same type.",
            _ => null,
        };
        throw Refusal.Of(BpfCommand.LinkUpdate, errno, $"link to {Target}", hint);
    }

    /// <summary>Detaches now; the link stays open, detached, and so does its pin.</summary>
    /// <remarks>Links of cgroups, network namespaces, devices, netfilter and struct_ops can be detached by force (5.9).</remarks>
    /// <exception cref="BpfException">The kernel refused; <see cref="Errno.EOPNOTSUPP"/> for kinds that go only with their last descriptor.</exception>
    public virtual void Detach()
    {
        Errno errno = BpfSyscall.LinkDetach(RequireHandle());
        if (errno == Errno.None) return;
        string? hint = errno == Errno.EOPNOTSUPP ? "Links of this kind end when they are disposed and unpinned." : null;
        throw Refusal.Of(BpfCommand.LinkDetach, errno, $"link to {Target}", hint);
    }

    /// <summary>Detaches, unless the link is pinned or disconnected, and releases what the link holds.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Release(detach: !_disconnected && PinPath is null);
        Handle?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the target is, with its kind.</summary>
    public override string ToString() => Target;

    /// <summary>Undoes what closing the link's descriptor does not undo, and releases everything but that descriptor.</summary>
    /// <param name="detach">False when the attachment should live on.</param>
    private protected abstract void Release(bool detach);

    private FileDescriptorHandle RequireHandle() => Handle ?? throw new BpfNotSupportedException(
        $"a link for {Target}", null, BpfCommand.LinkCreate, Errno.EOPNOTSUPP, null, "It was attached in the way of older kernels.");
}

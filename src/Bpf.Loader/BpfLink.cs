using System;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Diagnostics;
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
    private Findings? _findings;
    private string? _program;

    private protected BpfLink(FileDescriptorHandle? handle, string target)
    {
        Handle = handle;
        Target = target;
        if (handle is not null) handle.Label = $"link to {target}";
#pragma warning disable CA1816 // Only a link that has someone to tell is worth a finalizer; see where it is registered again.
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
    }

    /// <summary>Tells of a link that nobody disposed of. What it holds has finalizers of its own.</summary>
    ~BpfLink()
    {
        if (_disposed != 0 || _disconnected || PinPath is not null) return;
        if (_findings is not Findings findings) return;
        string what = $"The link of '{_program}' to {Target} was lost: {(EndsWithoutOwner ? "the program is detached." : "nothing detaches the program any more.")}";
        string cure = EndsWithoutOwner ? "Keep the link for as long as the program shall run, and dispose of it then." : "Dispose of links.";

        // Not here: the listener may take its time, and other finalizers wait.
        ThreadPool.UnsafeQueueUserWorkItem(_ => findings.ReportSafely(BpfDiagnosticId.LinkCollected, what, "Nothing referred to it any more, so that the garbage collector took it.", cure), null);
    }

    /// <summary>What the program is attached to, with its kind, such as <c>tracepoint sched/sched_switch</c>.</summary>
    public string Target { get; }

    /// <summary>True when the kernel has a link object for this attachment.</summary>
    public bool IsKernelLink => Handle is not null;

    /// <summary>True when the link was disposed of, and with it detached, unless it was pinned or disconnected before.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

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

    /// <summary>True when the attachment ends when nobody holds the link any more.</summary>
    private protected virtual bool EndsWithoutOwner => true;

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

    /// <summary>Asks for a finding when the link is left to the garbage collector.</summary>
    internal void Watch(Findings? findings, string program)
    {
        if (findings is null || _findings is not null) return;
        TellTo(findings, program);
        GC.ReRegisterForFinalize(this);
    }

    /// <summary>Where to tell of what cannot be detached when the link is disposed of.</summary>
    internal virtual void TellTo(Findings findings, string program)
    {
        _findings = findings;
        _program = program;
    }

    /// <summary>Detaches on the way out: once more when the kernel lacked something, and tells of what it refuses again.</summary>
    /// <param name="detach">Detaches; what is gone already is no refusal.</param>
    /// <param name="cure">How to take it away by hand, in a full sentence.</param>
    private protected void LetGo(Func<Errno> detach, string cure)
    {
        // What the kernel lacked a moment ago it may have now.
        Errno errno = detach();
        if (errno != Errno.None) errno = detach();
        if (errno == Errno.None) return;
        _findings?.ReportSafely(
            BpfDiagnosticId.NotDetached, $"The link of '{_program}' to {Target} was disposed of, and is attached all the same.", $"The kernel refused twice to detach it, with {BpfException.Describe(errno)}.", cure);
    }

    internal FileDescriptorHandle RequireHandle()
    {
        if (_disposed != 0) throw new ObjectDisposedException($"link to {Target}", $"The link to {Target} is disposed.");
        return Handle ?? throw new BpfNotSupportedException(
            $"a link for {Target}", null, BpfCommand.LinkCreate, Errno.EOPNOTSUPP, null, "It was attached in the way of older kernels.");
    }
}

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Bpf.Loader.Interop;

/// <summary>
/// Owns a file descriptor. Descriptors 0, 1 and 2 are never kept: a kernel object there would be read and written by whoever
/// uses the standard streams.
/// </summary>
internal sealed class FileDescriptorHandle : SafeHandle
{
    private const int FirstUsableDescriptor = 3;

    private bool _hasUncountedUses;

    private FileDescriptorHandle(int fd)
        : base(-1, ownsHandle: true)
    {
        SetHandle(fd);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>What people call the kernel object, such as <c>map 'events'</c>, for the exception after it was disposed; null for what they never see.</summary>
    public string? Label { get; set; }

    /// <summary>
    /// The number, for instructions and structures that hold it. Whoever takes it keeps the handle open until the kernel has seen it.
    /// </summary>
    public int Number => (int)DangerousGetHandle();

    /// <summary>Takes ownership of a descriptor, moving it above the standard streams.</summary>
    /// <exception cref="BpfException">The process has no descriptor left to move it to.</exception>
    public static FileDescriptorHandle Adopt(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        if (fd >= FirstUsableDescriptor)
            return new FileDescriptorHandle(fd);

        int moved = LibC.Fcntl(fd, LibC.F_DUPFD_CLOEXEC, FirstUsableDescriptor);
        Errno errno = LibC.LastError;
        LibC.Close(fd);
        if (moved < 0)
            throw new BpfException("fcntl(F_DUPFD_CLOEXEC)", errno, null, null);
        return new FileDescriptorHandle(moved);
    }

    /// <summary>The result of a call that returns a descriptor, or -1 and errno.</summary>
    public static FileDescriptorHandle? FromResult(int result, out Errno errno)
    {
        errno = result < 0 ? LibC.LastError : Errno.None;
        return result < 0 ? null : Adopt(result);
    }

    /// <summary>Makes another descriptor of the same kernel object.</summary>
    /// <exception cref="BpfException">The process has no descriptor left.</exception>
    public FileDescriptorHandle Duplicate()
    {
        using HandleUse use = Use();
        int fd = LibC.Fcntl(use.Descriptor, LibC.F_DUPFD_CLOEXEC, FirstUsableDescriptor);
        return FromResult(fd, out Errno errno) ?? throw new BpfException("fcntl(F_DUPFD_CLOEXEC)", errno, null, null);
    }

    /// <summary>
    /// Keeps the descriptor open while its number is in use: <c>using HandleUse use = handle.Use();</c>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    public HandleUse Use() => new(this);

    /// <summary>Keeps the descriptor open until <see cref="UncountedUse.End"/>, cheaply, for a call that is short and does not throw.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Begin(UncountedUse use)
    {
        int number = (int)handle;
        if (!_hasUncountedUses)
        {
            // Whoever closes the handle now either sees this, or is seen below.
            _hasUncountedUses = true;
            Interlocked.MemoryBarrier();
        }

        use.Begin(number);
        if (IsClosed)
            ThrowClosed(use);
        return number;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (_hasUncountedUses)
            UncountedUse.WaitForAll((int)handle);
        // EINTR too means closed, on Linux.
        LibC.Close((int)handle);
        return true;
    }

    [DoesNotReturn]
    private void ThrowClosed(UncountedUse use)
    {
        use.End();
        ThrowDisposed();
    }

    /// <summary>Throws for a use after the object was disposed.</summary>
    /// <exception cref="ObjectDisposedException">Always.</exception>
    [DoesNotReturn]
    public void ThrowDisposed()
    {
        throw new ObjectDisposedException(Label ?? nameof(FileDescriptorHandle), $"The {Label ?? "descriptor"} is disposed. Maps and programs of an object are disposed with their BpfObject: keep that for as long as they are used.");
    }
}

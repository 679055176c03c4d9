using System;
using System.Buffers;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>
/// A mapped region of memory. It is unmapped when it is disposed or, at the latest, some time after nothing refers to it any
/// more. A span does not refer to it: whoever works on one keeps this object alive for as long (<see cref="GC.KeepAlive"/>).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class MappedMemory : FixedMemory
{
    private const int ProtectionRead = 1;
    private const int ProtectionWrite = 2;
    private const int MapShared = 1;
    private const int MapPrivate = 2;
    private const int MapAnonymousFlag = 0x20;

    private readonly MappingHandle _mapping;
    private byte* _address;

    private MappedMemory(nint address, nuint length)
    {
        _mapping = new MappingHandle(address, length);
        _address = (byte*)address;
        Length = length;
    }

    /// <summary>How many bytes are mapped.</summary>
    public nuint Length { get; }

    /// <summary>Where the region begins, for those who map something at a known place.</summary>
    /// <exception cref="ObjectDisposedException">The region is unmapped.</exception>
    public ulong Address => (nuint)Checked();

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The region is unmapped.</exception>
    public override nint Start => (nint)Checked();

    /// <summary>Maps a part of a file, map or perf event, shared with the kernel.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="offset">Where the part begins; a multiple of the page size.</param>
    /// <param name="length">Its length.</param>
    /// <param name="writable">Whether it may be written.</param>
    /// <param name="errno">Why it failed.</param>
    public static MappedMemory? Map(FileDescriptorHandle fd, long offset, nuint length, bool writable, out Errno errno)
    {
        using HandleUse use = fd.Use();
        return Map(0, length, writable, MapShared, use.Descriptor, offset, out errno);
    }

    /// <summary>Maps a file for reading, private to this process: what /sys/kernel/btf allows since 6.16.</summary>
    public static MappedMemory? MapPrivateReadOnly(FileDescriptorHandle fd, nuint length, out Errno errno)
    {
        using HandleUse use = fd.Use();
        return Map(0, length, writable: false, MapPrivate, use.Descriptor, 0, out errno);
    }

    /// <summary>Maps memory of the process's own, filled with zeros.</summary>
    public static MappedMemory? MapAnonymous(nuint length, out Errno errno) => Map(0, length, writable: true, MapPrivate | MapAnonymousFlag, -1, 0, out errno);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The region is unmapped.</exception>
    /// <exception cref="NotSupportedException">The region is longer than a span can be.</exception>
    public override Span<byte> GetSpan()
    {
        byte* address = Checked();
        if (Length > int.MaxValue)
            throw new NotSupportedException($"The mapping of {Length} bytes is longer than a span; take a part of it.");
        return new Span<byte>(address, (int)Length);
    }

    /// <summary>A part of the region, which may be longer than a span.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the region.</exception>
    public Span<byte> GetSpan(nuint offset, int length)
    {
        byte* address = Checked();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset > Length || (nuint)length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} are not inside {Length}.");
        return new Span<byte>(address + offset, length);
    }

    /// <summary>A reference to a byte, for the volatile reads and writes of rings.</summary>
    public ref byte this[nuint offset]
    {
        get
        {
            byte* address = Checked();
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Length);
            return ref address[offset];
        }
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)elementIndex, Length);
        return new MemoryHandle(Checked() + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Mapped memory does not move.
    }

    /// <summary>Unmaps the region.</summary>
    public void Unmap() => ((IDisposable)this).Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _address = null;
        _mapping.Dispose();
    }

    private static MappedMemory? Map(
        nint address, nuint length, bool writable, int flags, int fd, long offset, out Errno errno)
    {
        nint result = LibC.MemoryMap(address, length, Protection(writable), flags, fd, offset);
        errno = result == -1 ? LibC.LastError : Errno.None;
        return result == -1 ? null : new MappedMemory(result, length);
    }

    private static int Protection(bool writable) => writable ? ProtectionRead | ProtectionWrite : ProtectionRead;

    private byte* Checked()
    {
        ObjectDisposedException.ThrowIf(_address is null, this);
        return _address;
    }
}

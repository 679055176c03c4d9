using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>The memory that programs and this process share through an arena (Linux 6.9), in place.</summary>
/// <remarks>
/// <para>Reads and writes are plain memory accesses; a page that nobody has used yet comes into being by them. Where program and user
/// race, use <see cref="Volatile"/> and <see cref="Interlocked"/> on the references.</para>
/// <para>After <see cref="Dispose"/> every member throws <see cref="ObjectDisposedException"/>. A reference or span that was taken
/// before is still safe to use: it does not reach the arena any more, but memory that is its own. For that, the addresses stay
/// reserved as long as the process lives.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class MappedArena : IDisposable
{
    private readonly string _name;
    private readonly bool _faults;
    private ArenaMemory? _memory;

    private MappedArena(BpfMap map, ArenaMemory memory, ulong globalsOffset)
    {
        GlobalsOffset = globalsOffset;
        _name = map.Name;
        _faults = (map.Flags & BpfMapFlags.SegvOnFault) != 0;
        _memory = memory;
        Length = memory.Length;
        Address = memory.Address;
    }

    /// <summary>Unmaps the arena, if nobody disposed it and nobody else uses it.</summary>
    ~MappedArena() => _memory?.Leave();

    /// <summary>How many bytes there are.</summary>
    public ulong Length { get; }

    /// <summary>The address of the first byte in this process; pointers that programs keep in the arena are such addresses.</summary>
    public ulong Address { get; }

    /// <summary>Where the variables of the object begin that the arena belongs to; 0 when it was not the object that gave it.</summary>
    public ulong GlobalsOffset { get; }

    /// <summary>The variables of the object that the arena belongs to, in place.</summary>
    /// <typeparam name="T">A structure with all of them.</typeparam>
    /// <inheritdoc cref="Slice" path="/exception"/>
    public ref T Globals<T>()
        where T : unmanaged => ref Ref<T>(GlobalsOffset);

    /// <summary>A part of the arena, in place.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not inside the arena.</exception>
    /// <exception cref="InvalidOperationException">The arena was made with <see cref="BpfMapFlags.SegvOnFault"/>: use <see cref="TryRead"/>.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public Span<byte> Slice(ulong offset, int length)
    {
        ArenaMemory memory = Checked(offset, length);
        if (_faults)
            throw new InvalidOperationException($"Absent pages of arena '{_name}' end the process ({BpfMapFlags.SegvOnFault}): use {nameof(TryRead)} and {nameof(TryWrite)}.");
        Span<byte> span = memory.Lend((nuint)offset, length);
        // Whoever disposed meanwhile may not have seen that it was lent.
        Disposed.ThrowIf(Volatile.Read(ref _memory) is null, "mapping of arena", _name);
        return span;
    }

    /// <summary>A value, in place.</summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <param name="offset">Where it begins.</param>
    /// <inheritdoc cref="Slice" path="/exception"/>
    public ref T Ref<T>(ulong offset)
        where T : unmanaged => ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(Slice(offset, Unsafe.SizeOf<T>())));

    /// <summary>What a pointer points to, in place.</summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <param name="pointer">The pointer, as a program left it in the arena or in a global variable.</param>
    /// <inheritdoc cref="Slice" path="/exception"/>
    public ref T Resolve<T>(ulong pointer)
        where T : unmanaged => ref Ref<T>(OffsetOf(pointer));

    /// <summary>Where in the arena a pointer points to.</summary>
    /// <param name="pointer">
    /// The pointer. Its upper half does not count: programs have it without, and an arena is never larger than 4 GiB.
    /// </param>
    public ulong OffsetOf(ulong pointer) => (uint)(pointer - Address);

    /// <summary>Copies a part of the arena, whether its pages exist or not.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="bytes">Where it goes.</param>
    /// <returns><see langword="false"/> when a page does not exist and the arena was made with <see cref="BpfMapFlags.SegvOnFault"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not inside the arena.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryRead(ulong offset, Span<byte> bytes) => Copy(offset, bytes, toArena: false);

    /// <summary>Copies bytes into the arena, whether its pages exist or not.</summary>
    /// <param name="offset">Where they go.</param>
    /// <param name="bytes">The bytes.</param>
    /// <inheritdoc cref="TryRead"/>
    public bool TryWrite(ulong offset, ReadOnlySpan<byte> bytes) =>
        Copy(offset, MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length), toArena: true);

    /// <summary>Lets go of the arena's memory.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _memory, null)?.Leave();
        GC.SuppressFinalize(this);
    }

    internal static MappedArena Open(BpfMap map, ulong globalsOffset = 0)
    {
        if (map.Type != BpfMapType.Arena)
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} is of type {map.Type}, not {BpfMapType.Arena}.");
        return new MappedArena(map, Map(map, out Errno errno) ?? throw Refused(map, errno), globalsOffset);
    }

    internal static ArenaMemory? Map(BpfMap map, out Errno errno) =>
        ArenaMemory.Open(map.Id, map.Handle, map.MapExtra, (nuint)Environment.SystemPageSize * map.MaxEntries, out errno);

    internal static BpfException Refused(BpfMap map, Errno errno) => new(
        "mmap",
        errno,
        $"arena '{map.Name}'",
        errno switch
        {
            Errno.EBUSY or Errno.EINVAL when map.MapExtra == 0 => "Another process has it at an address that is not known here: let map_extra say the address when it is created.",
            Errno.EEXIST => $"It wants the address 0x{map.MapExtra:x}, which must be free in this process.",
            _ => null,
        },
        BpfDiagnosticId.MapContentsRefused);

    private bool Copy(ulong offset, Span<byte> bytes, bool toArena)
    {
        ArenaMemory memory = Checked(offset, bytes.Length);
        if (bytes.IsEmpty)
            return true;
        // From now on nobody else gets these addresses, whoever disposes meanwhile.
        memory.Lend((nuint)offset, bytes.Length);
        Disposed.ThrowIf(Volatile.Read(ref _memory) is null, "mapping of arena", _name);
        Errno errno = memory.Copy((nuint)offset, bytes, toArena);
        return errno switch
        {
            Errno.None => true,
            Errno.EFAULT => false,
            _ => throw new BpfException(toArena ? "process_vm_writev" : "process_vm_readv", errno, $"arena '{_name}'", null),
        };
    }

    private ArenaMemory Checked(ulong offset, int length)
    {
        ArenaMemory? memory = Volatile.Read(ref _memory);
        Disposed.ThrowIf(memory is null, "mapping of arena", _name);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset > Length || (ulong)length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes from there are not inside the {Length} bytes of '{_name}'.");
        return memory;
    }
}

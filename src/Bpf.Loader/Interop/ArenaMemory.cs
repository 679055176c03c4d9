using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Interop;

/// <summary>The memory of an arena in this process: mapped once, for all who use the arena, because the kernel allows one place only.</summary>
/// <remarks>
/// Pointers into an arena are addresses in the process that mapped it first, and all have to map it there (<c>arena_map_mmap()</c>).
/// So it cannot be mapped over memory that the garbage collector knows, as arrays are. Instead, its addresses are never given to
/// anybody else once a reference was handed out: plain memory takes the arena's place, in which nothing is before it is written to.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ArenaMemory
{
    private const int ProtectionReadWrite = 3;
    private const int MapShared = 1;
    private const int MapPrivate = 2;
    private const int MapFixed = 0x10;
    private const int MapAnonymous = 0x20;
    private const int MapNoReserve = 0x4000;
    private const int MapFixedNoReplace = 0x100000;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<uint, ArenaMemory> Live = [];

    // The kernel remembers where an arena was mapped first, and takes no other place even when nobody has it mapped any more.
    private static readonly Dictionary<uint, nint> Places = [];

    // Where arenas were, with references that may still be used.
    private static readonly Dictionary<nint, nuint> Abandoned = [];

    private readonly uint _map;
    private readonly nint _address;
    private int _users = 1;
    private volatile bool _isLent;

    private ArenaMemory(uint map, nint address, nuint length)
    {
        _map = map;
        _address = address;
        Length = length;
    }

    /// <summary>The address of the first byte.</summary>
    public ulong Address => (nuint)_address;

    /// <summary>How many bytes there are.</summary>
    public nuint Length { get; }

    /// <summary>Maps an arena, or joins those who use it; to be ended by <see cref="Leave"/>.</summary>
    /// <param name="map">The number of the map.</param>
    /// <param name="fd">Its descriptor.</param>
    /// <param name="address">Where it has to be, or 0.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="errno">Why it failed: EEXIST when the place is taken, EBUSY or EINVAL when another process has it at another place.</param>
    public static ArenaMemory? Open(uint map, FileDescriptorHandle fd, ulong address, nuint length, out Errno errno)
    {
        using HandleUse use = fd.Use();
        lock (Gate)
        {
            errno = Errno.None;
            if (Live.TryGetValue(map, out ArenaMemory? memory))
            {
                memory._users++;
                return memory;
            }

            nint wanted = Places.GetValueOrDefault(map, (nint)address);
            // Not where another arena has moved in since, over which this one would be mapped without a word.
            bool isOurs = Abandoned.TryGetValue(wanted, out nuint abandoned) && abandoned >= length && Live.Values.All(arena => arena._address != wanted);
            int place = wanted == 0 ? 0 : isOurs ? MapFixed : MapFixedNoReplace;
            nint result = LibC.MemoryMap(wanted, length, ProtectionReadWrite, MapShared | place, use.Descriptor, 0);
            if (result == -1)
                errno = LibC.LastError;
            if (result == -1 && isOurs)
                Abandon(wanted, length);
            if (result == -1)
                return null;

            // Kernels before 4.17 take the flag for a hint, but have no arenas.
            memory = new ArenaMemory(map, result, length) { _isLent = isOurs };
            Live.Add(map, memory);
            Places[map] = result;
            return memory;
        }
    }

    /// <summary>A part of the memory, which stays usable for ever.</summary>
    public Span<byte> Lend(nuint offset, int length)
    {
        if (!_isLent)
        {
            lock (Gate)
                _isLent = true;
        }

        return new Span<byte>((byte*)_address + offset, length);
    }

    /// <summary>A part of the memory, for those who do not keep it beyond <see cref="Leave"/>.</summary>
    public Span<byte> Borrow(nuint offset, int length) => new((byte*)_address + offset, length);

    /// <summary>Copies bytes by the kernel, which does not mind when there are none: EFAULT.</summary>
    public Errno Copy(nuint offset, Span<byte> bytes, bool toArena)
    {
        fixed (byte* pointer = bytes)
        {
            var own = new IoVector((nint)pointer, (nuint)bytes.Length);
            var arena = new IoVector(_address + (nint)offset, (nuint)bytes.Length);
            nint count = toArena
                ? LibC.ProcessWriteMemory(Environment.ProcessId, &own, 1, &arena, 1, 0)
                : LibC.ProcessReadMemory(Environment.ProcessId, &own, 1, &arena, 1, 0);
            return count < 0 ? LibC.LastError : count < bytes.Length ? Errno.EFAULT : Errno.None;
        }
    }

    /// <summary>Ends a use; the last one unmaps the arena.</summary>
    public void Leave()
    {
        lock (Gate)
        {
            if (--_users > 0)
                return;
            Live.Remove(_map);
            if (_isLent)
                Abandon(_address, Length);
            else
                LibC.MemoryUnmap(_address, Length);
        }
    }

    // If it fails, the arena itself stays: that is safe too.
    private static void Abandon(nint address, nuint length)
    {
        LibC.MemoryMap(address, length, ProtectionReadWrite, MapPrivate | MapAnonymous | MapNoReserve | MapFixed, -1, 0);
        if (!Abandoned.TryGetValue(address, out nuint known) || known < length)
            Abandoned[address] = length;
    }
}

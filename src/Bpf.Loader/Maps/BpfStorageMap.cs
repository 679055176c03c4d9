using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>
/// A typed view of the storage that a map adds to sockets (Linux 5.2), inodes (5.10), tasks (5.11) or cgroups (6.2). The key is a
/// descriptor: of a socket, a file, a pidfd, or the directory of a cgroup.
/// </summary>
/// <typeparam name="T">The C type of the values, in C#.</typeparam>
/// <remarks>The kernel gives no way to walk over the objects, so these maps have neither a count nor an enumerator. No operation allocates. Safe to use from several threads.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfStorageMap<T>
    where T : unmanaged
{
    internal BpfStorageMap(BpfMap map)
    {
        ViewCheck.Type(map, "storage", BpfMapType.SkStorage, BpfMapType.InodeStorage, BpfMapType.TaskStorage, BpfMapType.CgrpStorage);
        ViewCheck.ValueSize<T>(map, map.ValueSize);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Reads the value of an object.</summary>
    /// <param name="owner">A descriptor of the object.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when the object has none.</returns>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBADF"/> when the descriptor is not one of such an object.</exception>
    public bool TryGet(SafeHandle owner, out T value)
    {
        value = default;
        return Map.FoundOrThrow(BpfCommand.MapLookupElement, Call(BpfCommand.MapLookupElement, owner, ref value, 0));
    }

    /// <summary>Adds or replaces the value of an object.</summary>
    /// <param name="owner">A descriptor of the object.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBADF"/> when the descriptor is not one of such an object.</exception>
    public void Set(SafeHandle owner, in T value)
    {
        T copy = value;
        Errno errno = Call(BpfCommand.MapUpdateElement, owner, ref copy, BpfElementFlags.Any);
        if (errno != Errno.None)
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Adds the value of an object.</summary>
    /// <param name="owner">A descriptor of the object.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when the object has one; it stays as it is.</returns>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBADF"/> when the descriptor is not one of such an object.</exception>
    public bool TryAdd(SafeHandle owner, in T value) => TryUpdate(owner, value, BpfElementFlags.NoExist);

    /// <summary>Replaces the value of an object.</summary>
    /// <param name="owner">A descriptor of the object.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when the object has none; nothing is added.</returns>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBADF"/> when the descriptor is not one of such an object.</exception>
    public bool TryReplace(SafeHandle owner, in T value) => TryUpdate(owner, value, BpfElementFlags.Exist);

    /// <summary>Whether an object has a value; it is read for it.</summary>
    /// <param name="owner">A descriptor of the object.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBADF"/> when the descriptor is not one of such an object.</exception>
    public bool ContainsKey(SafeHandle owner) => TryGet(owner, out _);

    /// <summary>Removes the value of an object.</summary>
    /// <param name="owner">A descriptor of the object.</param>
    /// <returns><see langword="false"/> when the object had none.</returns>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBADF"/> when the descriptor is not one of such an object.</exception>
    public bool Remove(SafeHandle owner)
    {
        T unused = default;
        return Map.FoundOrThrow(BpfCommand.MapDeleteElement, Call(BpfCommand.MapDeleteElement, owner, ref unused, 0));
    }

    private bool TryUpdate(SafeHandle owner, T value, BpfElementFlags flags)
    {
        Errno errno = Call(BpfCommand.MapUpdateElement, owner, ref value, flags);
        if (errno != Errno.None && !BpfMap.IsExpected(errno, flags))
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
        return errno == Errno.None;
    }

    private Errno Call(BpfCommand command, SafeHandle owner, ref T value, BpfElementFlags flags)
    {
        ArgumentNullException.ThrowIfNull(owner);
        bool added = false;
        try
        {
            owner.DangerousAddRef(ref added);
            int descriptor = (int)owner.DangerousGetHandle();
            ref byte key = ref Unsafe.As<int, byte>(ref descriptor);
            ref byte bytes = ref Unsafe.As<T, byte>(ref value);
            return command switch
            {
                BpfCommand.MapLookupElement => BpfSyscall.MapLookup(Map.Handle, in key, ref bytes, 0),
                BpfCommand.MapUpdateElement => BpfSyscall.MapUpdate(Map.Handle, in key, in bytes, (ulong)flags),
                _ => BpfSyscall.MapDelete(Map.Handle, in key),
            };
        }
        finally
        {
            if (added)
                owner.DangerousRelease();
        }
    }
}

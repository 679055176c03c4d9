using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>Reads a value.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes, none for a queue, a stack or a bloom filter.</param>
    /// <param name="value">Where the value goes: <see cref="ValueBufferSize"/> bytes. A bloom filter reads it instead.</param>
    /// <param name="flags">How to read.</param>
    /// <returns><see langword="false"/> when there is no such key, or nothing in the queue.</returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryLookup(ReadOnlySpan<byte> key, Span<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        CheckKey(key.Length);
        CheckValue(value.Length, flags);
        Errno errno = BpfSyscall.MapLookup(Handle, in Reference(key), ref MemoryMarshal.GetReference(value), (ulong)flags);
        return FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }

    /// <summary>Sets a value, throwing when it cannot be set.</summary>
    /// <inheritdoc cref="TryUpdate" path="/param"/>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        Errno errno = UpdateCore(key, value, flags);
        if (errno != Errno.None)
            MapRefusal.Throw(this, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Sets a value if the flags allow it.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes, none for a queue, a stack or a bloom filter.</param>
    /// <param name="value">The value: <see cref="ValueBufferSize"/> bytes.</param>
    /// <param name="flags">Whether the key has to exist or must not.</param>
    /// <returns>
    /// <see langword="false"/> when the key exists and <see cref="BpfElementFlags.NoExist"/> was given, or when it does not and <see
    /// cref="BpfElementFlags.Exist"/> was.
    /// </returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public bool TryUpdate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags)
    {
        Errno errno = UpdateCore(key, value, flags);
        if (errno == Errno.None)
            return true;
        if (!IsExpected(errno, flags))
            MapRefusal.Throw(this, BpfCommand.MapUpdateElement, errno);
        return false;
    }

    /// <summary>Removes an entry.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes.</param>
    /// <returns><see langword="false"/> when there was no such key.</returns>
    /// <exception cref="ArgumentException">The key has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused; an array's entries cannot be removed.</exception>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        CheckKey(key.Length);
        return FoundOrThrow(BpfCommand.MapDeleteElement, BpfSyscall.MapDelete(Handle, in Reference(key)));
    }

    /// <summary>Reads a value and removes it: a hash table (Linux 5.14) or, without a key, a queue or a stack (4.20).</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes, none for a queue or a stack.</param>
    /// <param name="value">Where the value goes: <see cref="ValueBufferSize"/> bytes.</param>
    /// <param name="flags">How to read.</param>
    /// <returns><see langword="false"/> when there is no such key, or nothing in the queue.</returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryLookupAndDelete(ReadOnlySpan<byte> key, Span<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        CheckKey(key.Length);
        CheckValue(value.Length, flags);
        Errno errno = BpfSyscall.MapLookupAndDelete(
            Handle, in Reference(key), ref MemoryMarshal.GetReference(value), (ulong)flags);
        return FoundOrThrow(BpfCommand.MapLookupAndDeleteElement, errno);
    }

    /// <summary>The key behind another one, in the kernel's own order.</summary>
    /// <param name="key">A key, or nothing for the first. When it does not exist any more, the kernel begins again with the first.</param>
    /// <param name="nextKey">Where the next key goes: <see cref="KeySize"/> bytes.</param>
    /// <returns><see langword="false"/> when there is none.</returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGetNextKey(ReadOnlySpan<byte> key, Span<byte> nextKey)
    {
        CheckKey(nextKey.Length);
        if (!key.IsEmpty)
            CheckKey(key.Length);
        Errno errno = BpfSyscall.MapNextKey(Handle, in Reference(key), ref MemoryMarshal.GetReference(nextKey));
        return FoundOrThrow(BpfCommand.MapGetNextKey, errno);
    }

    /// <summary>Walks over the entries as bytes; see <see cref="BpfMapEntryEnumerator"/> for what happens when they change.</summary>
    /// <exception cref="InvalidOperationException">The map has no keys.</exception>
    public BpfMapEntryEnumerator EnumerateEntries() => new(this);

    /// <summary>Whether a refused update is one that the flags ask for.</summary>
    internal static bool IsExpected(Errno errno, BpfElementFlags flags) =>
        (errno == Errno.EEXIST && (flags & BpfElementFlags.NoExist) != 0) || (errno == Errno.ENOENT && (flags & BpfElementFlags.Exist) != 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool FoundOrThrow(BpfCommand command, Errno errno)
    {
        if (errno == Errno.None)
            return true;
        if (errno != Errno.ENOENT)
            MapRefusal.Throw(this, command, errno);
        return false;
    }

    private Errno UpdateCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags)
    {
        CheckKey(key.Length);
        CheckValue(value.Length, flags);
        return BpfSyscall.MapUpdate(Handle, in Reference(key), in MemoryMarshal.GetReference(value), (ulong)flags);
    }

    // A map without keys wants none, and an empty array has an address all the same.
    private static ref readonly byte Reference(ReadOnlySpan<byte> key) =>
        ref key.IsEmpty ? ref Unsafe.NullRef<byte>() : ref MemoryMarshal.GetReference(key);

    // The kernel believes us: a buffer that is too short would be read or written past its end.
    private void CheckKey(int length)
    {
        if (length != KeySize)
            throw new ArgumentException($"{MapRefusal.Describe(this)} has keys of {KeySize} bytes, not {length}.");
    }

    private void CheckValue(int length, BpfElementFlags flags)
    {
        int size = (flags & (BpfElementFlags.Cpu | BpfElementFlags.AllCpus)) != 0 && Type.HasPerCpuValues() ? ValueSize : ValueBufferSize;
        if (Type.HasNoElements())
            throw new InvalidOperationException($"{MapRefusal.Describe(this)} is of type {Type}, which has no elements.");
        if (length != size)
            throw new ArgumentException($"{MapRefusal.Describe(this)} has values of {size} bytes, not {length}.");
    }
}

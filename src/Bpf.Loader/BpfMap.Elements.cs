using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    private const int StackBytes = 1024;

    /// <summary>How many entries there are; of an array, all that it has room for.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over the others, by batches where the kernel has them, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The map has no keys to count.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(this);

    /// <summary>Reads a value.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes, none for a queue, a stack or a bloom filter.</param>
    /// <param name="value">Where the value goes: <see cref="ValueBufferSize"/> bytes. A bloom filter reads it instead.</param>
    /// <param name="flags">How to read.</param>
    /// <returns><see langword="false"/> when there is no such key, or nothing in the queue.</returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        CheckKey(key.Length);
        CheckValue(value.Length, flags);
        Errno errno = BpfSyscall.MapLookup(Handle, in Reference(key), ref MemoryMarshal.GetReference(value), (ulong)flags);
        return FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }

    /// <summary>Whether there is a key; its value is read for it, so of a trie, whether a prefix fits.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes.</param>
    /// <exception cref="ArgumentException">The key has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool ContainsKey(ReadOnlySpan<byte> key)
    {
        if (ValueBufferSize <= StackBytes)
            return TryGet(key, stackalloc byte[ValueBufferSize]);
        byte[] value = ArrayPool<byte>.Shared.Rent(ValueBufferSize);
        bool found = TryGet(key, value.AsSpan(0, ValueBufferSize));
        ArrayPool<byte>.Shared.Return(value);
        return found;
    }

    /// <summary>Adds or replaces a value.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes, none for a queue, a stack or a bloom filter.</param>
    /// <param name="value">The value: <see cref="ValueBufferSize"/> bytes.</param>
    /// <param name="flags">How to write.</param>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        Errno errno = SetCore(key, value, flags);
        if (errno != Errno.None)
            MapRefusal.Throw(this, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Adds a value.</summary>
    /// <inheritdoc cref="Set" path="/param"/>
    /// <returns><see langword="false"/> when the key exists; it stays as it is.</returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public bool TryAdd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any) =>
        TrySet(key, value, flags | BpfElementFlags.NoExist);

    /// <summary>Replaces a value.</summary>
    /// <inheritdoc cref="Set" path="/param"/>
    /// <returns><see langword="false"/> when there is no such key; nothing is added.</returns>
    /// <exception cref="ArgumentException">A span has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryReplace(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any) =>
        TrySet(key, value, flags | BpfElementFlags.Exist);

    /// <summary>Removes an entry.</summary>
    /// <param name="key">The key: <see cref="KeySize"/> bytes.</param>
    /// <returns><see langword="false"/> when there was no such key.</returns>
    /// <exception cref="ArgumentException">The key has not the map's size.</exception>
    /// <exception cref="BpfException">The kernel refused; an array's entries cannot be removed.</exception>
    public bool Remove(ReadOnlySpan<byte> key)
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
    public bool TryTake(ReadOnlySpan<byte> key, Span<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
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

    /// <summary>Removes all entries; those of an array, which cannot go, become zeroes.</summary>
    /// <remarks>
    /// A hash table gives up to 512 entries in one system call (Linux 5.6); other maps need two system calls for each entry, arrays one for some thousand values. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The map has no elements.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear()
    {
        CheckElements();
        WholeMap.Clear(this);
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

    private bool TrySet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags)
    {
        Errno errno = SetCore(key, value, flags);
        if (errno != Errno.None && !IsExpected(errno, flags))
            MapRefusal.Throw(this, BpfCommand.MapUpdateElement, errno);
        return errno == Errno.None;
    }

    private Errno SetCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags)
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
        CheckElements();
        if (length != size)
            throw new ArgumentException($"{MapRefusal.Describe(this)} has values of {size} bytes, not {length}.");
    }

    private void CheckElements()
    {
        if (Type.HasNoElements())
            throw new InvalidOperationException($"{MapRefusal.Describe(this)} is of type {Type}, which has no elements.");
    }
}

using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Buffers;

/// <summary>Records as values of one type.</summary>
internal sealed class TypedChunk<T> : IRecordChunk
    where T : unmanaged
{
    private readonly T[] _items = new T[Math.Clamp(32768 / Unsafe.SizeOf<T>(), 1, 1024)];

    /// <inheritdoc/>
    public int Count { get; private set; }

    public ref readonly T this[int index] => ref _items[index];

    /// <inheritdoc/>
    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        if (Count == _items.Length)
            return false;
        if (record.Length < Unsafe.SizeOf<T>())
            throw new InvalidDataException($"A record of {record.Length} bytes is too short for {typeof(T).Name}, which has {Unsafe.SizeOf<T>()}.");
        _items[Count++] = Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(record));
        return true;
    }

    /// <inheritdoc/>
    public void Clear() => Count = 0;
}

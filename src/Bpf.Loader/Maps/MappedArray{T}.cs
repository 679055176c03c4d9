using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>The values of an array in place (<see cref="BpfMapFlags.Mmapable"/>, Linux 5.5): no system call, for any access.</summary>
/// <typeparam name="T">The C type of the values, in C#.</typeparam>
/// <remarks>
/// <para>Reads and writes are plain memory accesses. Where program and user race, use <see cref="System.Threading.Volatile"/> and
/// <see cref="System.Threading.Interlocked"/> on the references.</para>
/// <para>After <see cref="Dispose"/> every member throws <see cref="ObjectDisposedException"/>. A reference or span that was taken
/// before is still safe to use: it does not reach the map any more, but memory that is its own.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class MappedArray<T> : IDisposable
    where T : unmanaged
{
    private readonly OverlaidMemory _memory;
    private readonly string _name;
    private readonly int _stride;

    internal MappedArray(BpfMap map)
    {
        ViewCheck.ValueSize<T>(map, map.ValueSize);
        // array_map_alloc() rounds the values up to 8 bytes.
        _stride = (map.ValueSize + 7) & ~7;
        _name = map.Name;
        Count = checked((int)map.MaxEntries);
        _memory = MappedArray.Map(map, checked(Count * _stride), out bool isReadOnly);
        _memory.Name = _name;
        IsReadOnly = isReadOnly;
    }

    /// <summary>How many values there are.</summary>
    public int Count { get; }

    /// <summary>Whether the values can only be read: the map is frozen or was opened read-only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>A value, in place.</summary>
    /// <param name="index">Its index.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The values can only be read; use <see cref="RefReadOnly"/>.</exception>
    public ref T this[int index]
    {
        get
        {
            if (IsReadOnly)
                ThrowReadOnly();
            return ref At(index);
        }
    }

    /// <summary>All values, when they lie side by side: when their size is a multiple of 8.</summary>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The values can only be read, or there are gaps between them.</exception>
    public Span<T> Span
    {
        get
        {
            if (IsReadOnly)
                ThrowReadOnly();
            return Dense();
        }
    }

    /// <summary>All values, to read, when they lie side by side: when their size is a multiple of 8.</summary>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    /// <exception cref="InvalidOperationException">There are gaps between them.</exception>
    public ReadOnlySpan<T> ReadOnlySpan => Dense();

    /// <summary>A value, in place, to read.</summary>
    /// <param name="index">Its index.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public ref readonly T RefReadOnly(int index) => ref At(index);

    /// <summary>Lets go of the map's memory.</summary>
    public void Dispose() => _memory.Dispose();

    private ref T At(int index)
    {
        Span<byte> span = _memory.Span;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(span), index * _stride));
    }

    private Span<T> Dense()
    {
        if (_stride != Unsafe.SizeOf<T>())
            throw new InvalidOperationException($"The values of '{_name}' are {Unsafe.SizeOf<T>()} bytes and lie {_stride} bytes apart.");
        return MemoryMarshal.Cast<byte, T>(_memory.Span)[..Count];
    }

    private void ThrowReadOnly() => throw new InvalidOperationException($"The values of '{_name}' can only be read.");
}

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>The variables of a loaded object's <c>.data</c>, <c>.bss</c> or <c>.rodata</c>, in place: the program sees every write at once.</summary>
/// <remarks>
/// <para>Reads and writes are plain memory accesses. Where program and user race, use <see cref="System.Threading.Volatile"/> and
/// <see cref="System.Threading.Interlocked"/> on <see cref="Ref{T}"/>.</para>
/// <para>After <see cref="Dispose"/> every member throws <see cref="ObjectDisposedException"/>. A reference or span that was taken
/// before is still safe to use: it does not reach the map any more, but memory that is its own.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class MappedGlobals : IDisposable
{
    private readonly OverlaidMemory _memory;

    private MappedGlobals(OverlaidMemory memory, string name, int length, bool isReadOnly)
    {
        _memory = memory;
        memory.Name = name;
        Name = name;
        Length = length;
        IsReadOnly = isReadOnly;
    }

    /// <summary>The name of the map.</summary>
    public string Name { get; }

    /// <summary>The bytes of all variables together.</summary>
    public int Length { get; }

    /// <summary>Whether the variables are constants (<c>.rodata</c>).</summary>
    public bool IsReadOnly { get; }

    /// <summary>All variables.</summary>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The variables are constants.</exception>
    public Span<byte> Span
    {
        get
        {
            Span<byte> span = _memory.Span[..Length];
            if (IsReadOnly)
                throw new InvalidOperationException($"The variables of '{Name}' are constants.");
            return span;
        }
    }

    /// <summary>All variables, to read.</summary>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public ReadOnlySpan<byte> ReadOnlySpan => _memory.Span[..Length];

    /// <summary>A variable, in place.</summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <param name="offset">Where it begins.</param>
    /// <exception cref="ArgumentOutOfRangeException">It would end behind the last variable.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The variables are constants; use <see cref="RefReadOnly{T}"/>.</exception>
    public ref T Ref<T>(int offset)
        where T : unmanaged
    {
        Span<byte> span = Span;
        CheckRange(offset, Unsafe.SizeOf<T>());
        return ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(span), offset));
    }

    /// <summary>A variable, in place, to read.</summary>
    /// <inheritdoc cref="Ref{T}" path="/typeparam"/>
    /// <inheritdoc cref="Ref{T}" path="/param"/>
    /// <exception cref="ArgumentOutOfRangeException">It would end behind the last variable.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public ref readonly T RefReadOnly<T>(int offset)
        where T : unmanaged
    {
        ReadOnlySpan<byte> span = ReadOnlySpan;
        CheckRange(offset, Unsafe.SizeOf<T>());
        return ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(span), offset));
    }

    /// <summary>Reads a variable.</summary>
    /// <inheritdoc cref="RefReadOnly{T}"/>
    public T Get<T>(int offset)
        where T : unmanaged => RefReadOnly<T>(offset);

    /// <summary>Writes a variable.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="value">Its new value.</param>
    /// <inheritdoc cref="Ref{T}"/>
    public void Set<T>(int offset, T value)
        where T : unmanaged => Ref<T>(offset) = value;

    /// <summary>Lets go of the map's memory.</summary>
    public void Dispose() => _memory.Dispose();

    /// <summary>Maps the only value of an array (Linux 5.5, <see cref="BpfMapFlags.Mmapable"/>).</summary>
    internal static MappedGlobals Open(BpfMap map)
    {
        if (map.MaxEntries != 1)
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} has {map.MaxEntries} entries; variables are in a map with one.");
        OverlaidMemory memory = MappedArray.Map(map, map.ValueSize, out bool isReadOnly);
        return new MappedGlobals(memory, map.Name, map.ValueSize, isReadOnly);
    }

    private void CheckRange(int offset, int size)
    {
        if (offset < 0 || size > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{size} bytes from there are not inside the {Length} bytes of '{Name}'.");
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Light;

/// <summary>
/// The bytes that a loader program works on, the value of an array map: the arguments of its system calls, names, code, types and the values
/// of variables. What is put in stands at multiples of eight, as the kernel wants some of it.
/// </summary>
internal sealed class LoaderData
{
    private const int Alignment = 8;

    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _names = [];

    /// <summary>The number of bytes so far, a multiple of eight.</summary>
    public int Length => _bytes.Count;

    /// <summary>Leaves room, filled with zeros.</summary>
    /// <returns>Where it begins.</returns>
    public int Reserve(int size)
    {
        int at = _bytes.Count, room = (size + Alignment - 1) / Alignment * Alignment;
        CollectionsMarshal.SetCount(_bytes, at + room);
        CollectionsMarshal.AsSpan(_bytes)[at..].Clear();
        return at;
    }

    /// <summary>Puts bytes in.</summary>
    /// <returns>Where they begin.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        int at = Reserve(bytes.Length);
        bytes.CopyTo(CollectionsMarshal.AsSpan(_bytes)[at..]);
        return at;
    }

    /// <summary>Puts the beginning of a structure in: as much as the kernel is told of.</summary>
    public int Add<T>(in T value, uint size)
        where T : unmanaged => Add(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))[..(int)size]);

    /// <summary>Puts a text with its closing zero in, once.</summary>
    /// <returns>Where it begins, and its length with the zero.</returns>
    public (int At, int Length) AddName(string name)
    {
        byte[] utf8 = [.. Encoding.UTF8.GetBytes(name), 0];
        if (!_names.TryGetValue(name, out int at)) _names.Add(name, at = Add(utf8));
        return (at, utf8.Length);
    }

    public byte[] ToArray() => [.. _bytes];
}

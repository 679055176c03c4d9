using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Links.Usdt;

/// <summary>
/// How a value of the map <c>__bpf_usdt_specs</c> is laid out. The layout is that of the usdt.bpf.h which the object was compiled
/// with, and the size of the map's values tells which: libbpf 1.7 made room for indexed memory.
/// </summary>
internal sealed class UsdtSpecLayout
{
    private static readonly UsdtSpecLayout Indexed = new(argumentSize: 24, registerOffset: 14);
    private static readonly UsdtSpecLayout Plain = new(argumentSize: 16, registerOffset: 12);

    private readonly int _argumentSize;
    private readonly int _registerOffset;

    private UsdtSpecLayout(int argumentSize, int registerOffset)
    {
        _argumentSize = argumentSize;
        _registerOffset = registerOffset;
    }

    /// <summary>The size of a value: the arguments, the cookie, the count and padding.</summary>
    public int Size => (UsdtArguments.Maximum * _argumentSize) + 16;

    /// <summary>The layout of values of a size; null when there is none.</summary>
    public static UsdtSpecLayout? OfSize(uint size) => size == Indexed.Size ? Indexed : size == Plain.Size ? Plain : null;

    /// <summary>True when the layout has room for indexed memory.</summary>
    public bool HasIndex => this == Indexed;

    /// <summary>Writes a value.</summary>
    public void Encode(IReadOnlyList<UsdtArgument> arguments, ulong cookie, Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        for (int i = 0; i < arguments.Count; i++) Encode(arguments[i], destination.Slice(i * _argumentSize, _argumentSize));

        int tail = UsdtArguments.Maximum * _argumentSize;
        MemoryMarshal.Write(destination[tail..], cookie);
        MemoryMarshal.Write(destination[(tail + 8)..], (short)arguments.Count);
    }

    // In the byte order of this machine, whose kernel runs the programs. Where bits are counted from the other end, the kind is the
    // last byte of its word, and the shift is in the low bits.
    private void Encode(UsdtArgument argument, Span<byte> destination)
    {
        MemoryMarshal.Write(destination, argument.Value);
        destination[BitConverter.IsLittleEndian ? 8 : HasIndex ? 12 : 11] = (byte)argument.Kind;
        if (argument.Kind == UsdtArgumentKind.IndexedMemory)
        {
            int index = BitConverter.IsLittleEndian ? argument.Index | (argument.ScaleShift << 12) : (argument.Index << 4) | argument.ScaleShift;
            MemoryMarshal.Write(destination[10..], (ushort)index);
        }

        MemoryMarshal.Write(destination[_registerOffset..], argument.Register);
        destination[_registerOffset + 2] = argument.IsSigned ? (byte)1 : (byte)0;
        destination[_registerOffset + 3] = (byte)(64 - (8 * argument.Size));
    }
}

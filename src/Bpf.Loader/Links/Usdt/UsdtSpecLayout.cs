using System;
using System.Buffers.Binary;
using System.Collections.Generic;

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

    /// <summary>Writes a value.</summary>
    /// <returns>False when an argument needs indexed memory and the layout has no room for it.</returns>
    public bool TryEncode(IReadOnlyList<UsdtArgument> arguments, ulong cookie, Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!TryEncode(arguments[i], destination.Slice(i * _argumentSize, _argumentSize))) return false;
        }

        int tail = UsdtArguments.Maximum * _argumentSize;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[tail..], cookie);
        BinaryPrimitives.WriteInt16LittleEndian(destination[(tail + 8)..], (short)arguments.Count);
        return true;
    }

    // Little-endian, as both architectures are that arguments are read for.
    private bool TryEncode(UsdtArgument argument, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, argument.Value);
        destination[8] = (byte)argument.Kind;
        if (argument.Kind == UsdtArgumentKind.IndexedMemory)
        {
            if (this == Plain) return false;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[10..], (ushort)(argument.Index | (argument.ScaleShift << 12)));
        }

        BinaryPrimitives.WriteInt16LittleEndian(destination[_registerOffset..], argument.Register);
        destination[_registerOffset + 2] = argument.IsSigned ? (byte)1 : (byte)0;
        destination[_registerOffset + 3] = (byte)(64 - (8 * argument.Size));
        return true;
    }
}

using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Instructions;

/// <summary>
/// One BPF instruction of 8 bytes, as <c>struct bpf_insn</c> has it on this machine; a 64-bit load takes two in a row.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 8)]
public struct BpfInstruction : IEquatable<BpfInstruction>
{
    /// <summary>The size of an instruction in bytes.</summary>
    public const int Size = 8;

    // The order of the fields is the kernel's.
    private byte _code;
    private byte _registers;
    private short _offset;
    private int _immediate;

    /// <summary>Makes an instruction.</summary>
    public BpfInstruction(byte code, int destination, int source, short offset, int immediate)
    {
        _code = code;
        _registers = 0;
        _offset = offset;
        _immediate = immediate;
        Destination = destination;
        Source = source;
    }

    /// <summary>Operation, source kind and class; see <see cref="BpfOpCode"/>.</summary>
    public byte Code
    {
        readonly get => _code;
        set => _code = value;
    }

    /// <summary>The destination register, 0 to 15.</summary>
    public int Destination
    {
        readonly get => BitConverter.IsLittleEndian ? _registers & 0xf : _registers >> 4;
        set => _registers = BitConverter.IsLittleEndian
            ? (byte)((_registers & 0xf0) | (value & 0xf))
            : (byte)((_registers & 0x0f) | (value << 4));
    }

    /// <summary>The source register, or the meaning of the immediate of a call or a 64-bit load; see <see cref="BpfPseudo"/>.</summary>
    public int Source
    {
        readonly get => BitConverter.IsLittleEndian ? _registers >> 4 : _registers & 0xf;
        set => _registers = BitConverter.IsLittleEndian
            ? (byte)((_registers & 0x0f) | (value << 4))
            : (byte)((_registers & 0xf0) | (value & 0xf));
    }

    /// <summary>The signed 16-bit offset.</summary>
    public short Offset
    {
        readonly get => _offset;
        set => _offset = value;
    }

    /// <summary>The signed 32-bit immediate.</summary>
    public int Immediate
    {
        readonly get => _immediate;
        set => _immediate = value;
    }

    /// <summary>The class, the low three bits of the code.</summary>
    public readonly byte Class => (byte)(Code & BpfOpCode.ClassMask);

    /// <summary>True for the first half of a 64-bit load.</summary>
    public readonly bool IsLoadImmediate64 => Code == BpfOpCode.LoadImmediate64;

    /// <summary>True for a call of any kind with an immediate.</summary>
    public readonly bool IsCall => Code == BpfOpCode.Call;

    /// <summary>True for a call of a kernel helper by number.</summary>
    public readonly bool IsHelperCall => Code == BpfOpCode.Call && _registers == 0;

    /// <summary>True for a call of a function of the program itself.</summary>
    public readonly bool IsPseudoCall => Code == BpfOpCode.Call && Source == BpfPseudo.Call && Destination == 0 && Offset == 0;

    /// <summary>True for a 64-bit load of the address of a function of the program itself.</summary>
    public readonly bool IsPseudoFunction => IsLoadImmediate64 && Source == BpfPseudo.Function;

    /// <summary>Decodes the instruction at the start of some bytes, in either byte order.</summary>
    public static BpfInstruction Read(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        // The two register fields swap places with the byte order of the object.
        int high = bytes[1] >> 4, low = bytes[1] & 0xf;
        return isBigEndian
            ? new BpfInstruction(bytes[0], high, low, BinaryPrimitives.ReadInt16BigEndian(bytes[2..]), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]))
            : new BpfInstruction(bytes[0], low, high, BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));
    }

    /// <summary>Encodes the instruction into 8 bytes, in either byte order.</summary>
    public readonly void Write(Span<byte> bytes, bool isBigEndian)
    {
        bytes[0] = Code;
        if (isBigEndian)
        {
            bytes[1] = (byte)((Destination << 4) | Source);
            BinaryPrimitives.WriteInt16BigEndian(bytes[2..], Offset);
            BinaryPrimitives.WriteInt32BigEndian(bytes[4..], Immediate);
        }
        else
        {
            bytes[1] = (byte)((Source << 4) | Destination);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[2..], Offset);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Immediate);
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(BpfInstruction other) =>
        Code == other.Code && _registers == other._registers && Offset == other.Offset && Immediate == other.Immediate;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is BpfInstruction other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Code, _registers, Offset, Immediate);

    /// <summary>True when all fields are equal.</summary>
    public static bool operator ==(BpfInstruction left, BpfInstruction right) => left.Equals(right);

    /// <summary>True when a field differs.</summary>
    public static bool operator !=(BpfInstruction left, BpfInstruction right) => !left.Equals(right);
}

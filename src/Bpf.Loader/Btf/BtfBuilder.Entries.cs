using System;

namespace Bpf.Loader.Btf;

public sealed partial class BtfBuilder
{
    /// <summary>Appends a member to the struct or union that was added last.</summary>
    /// <param name="name">The name; null or empty for an anonymous member.</param>
    /// <param name="type">The type.</param>
    /// <param name="bitOffset">Where it begins, in bits; 0 in a union.</param>
    /// <param name="bitFieldSize">The width of a bit-field, in bits; 0 for an ordinary member.</param>
    /// <exception cref="InvalidOperationException">The type that was added last is no struct and no union.</exception>
    /// <exception cref="ArgumentException">Offset or width cannot be written.</exception>
    public void AddMember(string? name, BtfTypeId type, uint bitOffset, int bitFieldSize = 0)
    {
        (int at, BtfKind kind) = Last(BtfKind.Struct, BtfKind.Union);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bitFieldSize, 255u, nameof(bitFieldSize));
        if (kind == BtfKind.Union && bitOffset != 0) throw new ArgumentException("The members of a union begin at 0.", nameof(bitOffset));
        if (bitFieldSize == 0 && bitOffset % 8 != 0) throw new ArgumentException("Only a bit-field can begin inside of a byte.", nameof(bitOffset));

        bool hasBitFields = bitFieldSize != 0 || (Word(at + 4) >> 31) != 0;
        if (hasBitFields && bitOffset > 0xffffff)
            throw new ArgumentException("A struct with bit-fields cannot have members beyond 2 MiB.", nameof(bitOffset));
        if (hasBitFields && (Word(at + 4) >> 31) == 0) BeginBitFields(at);

        uint nameOffset = AddString(name);
        Span<byte> entry = Extend(at, 12);
        Write(entry, 0, nameOffset);
        Write(entry, 4, Id(type));
        Write(entry, 8, ((uint)bitFieldSize << 24) | bitOffset);
    }

    /// <summary>Appends a value to the enum that was added last. A negative one makes it signed.</summary>
    /// <exception cref="InvalidOperationException">The type that was added last is no enum.</exception>
    /// <exception cref="ArgumentException">The name is empty, or the value needs a 64-bit enum.</exception>
    public void AddEnumerator(string name, long value)
    {
        (int at, BtfKind kind) = Last(BtfKind.Enum, BtfKind.Enum64);
        uint nameOffset = Required(name);
        if (kind == BtfKind.Enum64)
        {
            Span<byte> wide = Extend(at, 12);
            Write(wide, 0, nameOffset);
            Write(wide, 4, (uint)value);
            Write(wide, 8, (uint)(value >> 32));
            return;
        }

        if (value is < int.MinValue or > uint.MaxValue) throw new ArgumentOutOfRangeException(nameof(value), value, "The value does not fit in 32 bits.");
        Span<byte> entry = Extend(at, 8);
        Write(entry, 0, nameOffset);
        Write(entry, 4, (uint)value);
        if (value < 0) Write(_types, at + 4, Word(at + 4) | 0x80000000);
    }

    /// <summary>Appends a parameter to the function prototype that was added last; <c>void</c> without a name means variable arguments.</summary>
    /// <exception cref="InvalidOperationException">The type that was added last is no function prototype.</exception>
    public void AddParameter(string? name, BtfTypeId type)
    {
        (int at, _) = Last(BtfKind.FunctionPrototype, BtfKind.FunctionPrototype);
        uint nameOffset = AddString(name);
        Span<byte> entry = Extend(at, 8);
        Write(entry, 0, nameOffset);
        Write(entry, 4, Id(type));
    }

    /// <summary>Appends a variable to the data section that was added last.</summary>
    /// <exception cref="InvalidOperationException">The type that was added last is no data section.</exception>
    public void AddSectionVariable(BtfSectionVariable variable)
    {
        (int at, _) = Last(BtfKind.DataSection, BtfKind.DataSection);
        Span<byte> entry = Extend(at, 12);
        Write(entry, 0, Id(variable.TypeId));
        Write(entry, 4, variable.Offset);
        Write(entry, 8, variable.Size);
    }

    /// <summary>The record of the last type, which must be one of two kinds.</summary>
    private (int At, BtfKind Kind) Last(BtfKind one, BtfKind other)
    {
        if (_count != 0)
        {
            int at = _offsets[_count - 1];
            BtfKind kind = BtfType.KindOf(Word(at + 4));
            if (kind == one || kind == other) return (at, kind);
        }

        throw new InvalidOperationException($"The type that was added last is no {one}{(one == other ? "" : " and no " + other)}.");
    }

    /// <summary>Adds an entry to the last type.</summary>
    private Span<byte> Extend(int at, int size)
    {
        uint info = Word(at + 4);
        if (BtfType.VariableLengthOf(info) == MaximumLength) throw new InvalidOperationException("The type has as many entries as BTF allows.");
        Span<byte> entry = Reserve(size);
        Write(_types, at + 4, info + 1);
        return entry;
    }

    /// <summary>Marks that offsets carry the width of bit-fields from now on; those of earlier members must leave room for it.</summary>
    private void BeginBitFields(int at)
    {
        uint info = Word(at + 4);
        for (int i = 0; i < BtfType.VariableLengthOf(info); i++)
        {
            if (Word(at + BtfType.HeaderSize + (i * 12) + 8) > 0xffffff)
                throw new ArgumentException("A struct with members beyond 2 MiB cannot have bit-fields.");
        }

        Write(_types, at + 4, info | 0x80000000);
    }
}

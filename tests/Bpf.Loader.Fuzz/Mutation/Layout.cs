using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>
/// Where the numbers and the parts of a sound file lie. Describers add what they know of a format, and stop where a file is not what
/// it should be: these read nothing of the library, whose faults they are to find.
/// </summary>
internal sealed class Layout(byte[] image, bool isBigEndian)
{
    private readonly List<Field> _fields = [];
    private readonly List<Part> _parts = [];
    private Dictionary<FieldKind, Field[]>? _byKind;
    private Field[][]? _groups;
    private int _group;

    /// <summary>The sound file.</summary>
    public byte[] Image { get; } = image;

    /// <summary>Its byte order.</summary>
    public bool IsBigEndian { get; } = isBigEndian;

    /// <summary>Its numbers.</summary>
    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>Its parts.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>The numbers of a kind.</summary>
    public IReadOnlyList<Field> OfKind(FieldKind kind) =>
        (_byKind ??= _fields.GroupBy(static one => one.Kind).ToDictionary(group => group.Key, group => group.ToArray())).GetValueOrDefault(kind, []);

    /// <summary>The numbers of each table or header: a symbol table has few of them, and the types many.</summary>
    public IReadOnlyList<IReadOnlyList<Field>> Groups => _groups ??= [.. _fields.GroupBy(static one => one.Group).Select(static group => group.ToArray())];

    /// <summary>What is added from here on belongs together.</summary>
    public void BeginGroup() => _group++;

    /// <summary>Adds a number, if it lies within the file.</summary>
    public void Add(int offset, int size, FieldKind kind, int owner = 0)
    {
        if (Has(offset, size)) _fields.Add(new Field(offset, size, kind, _group, owner));
    }

    /// <summary>Adds a part, if it lies within the file and is not empty.</summary>
    public void AddPart(int offset, int length)
    {
        if (length > 0 && Has(offset, length)) _parts.Add(new Part(offset, length));
    }

    /// <summary>Whether so many bytes are there.</summary>
    public bool Has(long offset, long length) => offset >= 0 && length >= 0 && offset + length <= Image.Length;

    /// <summary>Reads a number; 0 beyond the end.</summary>
    public ulong Read(int offset, int size) => Has(offset, size) ? Read(Image, new Field(offset, size, FieldKind.Value, 0)) : 0;

    /// <summary>Reads a number of a copy of the file.</summary>
    public ulong Read(byte[] copy, Field field)
    {
        ulong value = 0;
        for (int i = 0; i < field.Size; i++)
            value |= (ulong)copy[field.Offset + i] << (8 * (IsBigEndian ? field.Size - 1 - i : i));
        return value;
    }

    /// <summary>Writes a number into a copy of the file, as much of it as fits.</summary>
    public void Write(byte[] copy, Field field, ulong value)
    {
        for (int i = 0; i < field.Size; i++)
            copy[field.Offset + i] = (byte)(value >> (8 * (IsBigEndian ? field.Size - 1 - i : i)));
    }

    /// <summary>Reads the four bytes at a place that is known to be there.</summary>
    public uint UInt32(int offset) => Has(offset, 4)
        ? (IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Image.AsSpan(offset)) : BinaryPrimitives.ReadUInt32LittleEndian(Image.AsSpan(offset)))
        : 0;
}

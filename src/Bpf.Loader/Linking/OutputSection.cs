using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>A section of the linked object, which grows with each object that has a section of its name.</summary>
internal sealed class OutputSection(string name)
{
    private static readonly ulong Largest = (ulong)Array.MaxLength;

    private byte[] _bytes = [];

    public string Name { get; } = name;

    /// <summary>Where its name stands in the strings, byte by byte as the first object has it: a name need not be UTF-8.</summary>
    public uint NameOffset { get; private set; }

    /// <summary>The number in the ELF file; 0 as long as it is in the BTF alone.</summary>
    public int Index { get; private set; }

    public bool IsVirtual => Index == 0;

    public ElfSectionType Type { get; private set; }

    public ElfSectionFlags Flags { get; private set; }

    public ulong Alignment { get; private set; }

    public ulong EntrySize { get; private set; }

    public ulong Size { get; private set; }

    public bool IsExecutable => (Flags & ElfSectionFlags.Executable) != 0;

    /// <summary>For relocations, the section that they apply to.</summary>
    public OutputSection? Relocated { get; set; }

    /// <summary>The symbol that stands for the section; 0 when there is none.</summary>
    public int Symbol { get; set; }

    /// <summary>True when the BTF lists its variables, of which there may be none.</summary>
    public bool IsDescribed { get; set; }

    public List<BtfSectionVariable> Variables { get; } = [];

    public List<BtfFuncInfo> Functions { get; } = [];

    public List<BtfLineInfo> Lines { get; } = [];

    public List<BtfCoReRecord> CoReRecords { get; } = [];

    /// <summary>The bytes; empty for a section without bytes in the file.</summary>
    public Span<byte> Bytes => Type == ElfSectionType.NoBits ? [] : _bytes.AsSpan(0, (int)Size);

    public byte[] ToArray() => Bytes.ToArray();

    /// <summary>Makes it a section of the ELF file, like the first one of its name.</summary>
    public void Begin(InputSection first, uint nameOffset, int index)
    {
        NameOffset = nameOffset;
        Index = index;
        Type = first.Type;
        Flags = first.Flags;
        Alignment = first.Alignment;
        EntrySize = first.EntrySize;
    }

    /// <summary>Appends the bytes of a section, aligned as it asks for.</summary>
    /// <param name="section">The section.</param>
    /// <param name="charge">Is told how many bytes the alignment takes, here and in the file.</param>
    public void Append(InputSection section, Action<long> charge)
    {
        ulong alignment = Math.Max(Math.Max(Alignment, section.Alignment), 1);
        ulong begin = (Size + alignment - 1) / alignment * alignment;
        if (section.Size > Largest || begin > Largest - section.Size)
            throw new BpfFormatException($"The sections of this name have {(UInt128)begin + section.Size} bytes together, more than an object can.", Name, null, BpfDiagnosticId.BadSection);
        ulong end = begin + section.Size;

        charge((long)alignment);
        if (Type != ElfSectionType.NoBits)
        {
            if (end > (ulong)_bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(end, 2 * Size), Largest));
            section.Data.Span.CopyTo(_bytes.AsSpan((int)begin));
        }

        Size = end;
        Alignment = alignment;
        section.TargetOffset = begin;
    }
}

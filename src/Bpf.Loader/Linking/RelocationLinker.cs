using System;
using System.Buffers.Binary;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>Moves the relocations of an object to where its sections and symbols are in the output.</summary>
internal static class RelocationLinker
{
    private const int InstructionSize = 8;
    private const int ImmediateOffset = 4;
    private const byte CallCode = 0x85; // BPF_JMP | BPF_CALL

    /// <summary>Rewrites the records of a section, which are in the output already, and what they refer to by its section.</summary>
    public static void Append(LinkInput input, InputSection section)
    {
        InputSection relocated = input.Sections[(int)section.Info];
        OutputSection target = relocated.Target!;
        Span<byte> records = section.Target!.Bytes.Slice((int)section.TargetOffset, (int)section.Size);
        section.Target.Relocated = target;
        foreach (ElfRelocation record in input.Elf.GetRelocations(input.Elf.Sections[section.Index]))
        {
            ElfSymbol symbol = input.Symbols[record.SymbolIndex];
            int index = input.SymbolMap[record.SymbolIndex];
            if (index == 0)
            {
                throw input.Fail(
                    BpfDiagnosticId.BadRelocation,
                    $"'{relocated.Name}' refers to '{input.Context.Text(symbol.NameUtf8)}' in '{input.Sections[symbol.SectionIndex].Name}', of which the output has another object's.",
                    section.Name);
            }

            ulong offset = relocated.TargetOffset + record.Offset;
            Write64(records, offset, input.Elf.IsBigEndian);
            Write64(records[8..], ((ulong)(uint)index << 32) | record.Type, input.Elf.IsBigEndian);
            records = records[ElfRelocation.RecordSize..];

            // Static functions and variables are referred to by their section, and where they are in it.
            if (symbol.Type == ElfSymbolType.Section && !LinkInputChecks.IsReserved(symbol))
                Move(input, target, (int)offset, record.Type, input.Sections[symbol.SectionIndex].TargetOffset);
        }
    }

    private static void Move(LinkInput input, OutputSection target, int offset, uint type, ulong distance)
    {
        Span<byte> bytes = target.Bytes[offset..];
        bool big = input.Elf.IsBigEndian;
        if (!target.IsExecutable)
        {
            if (type == RelocationType.Absolute32) Write32(bytes, Read32(bytes, big) + (uint)distance, big);
            else Write64(bytes, (big ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes)) + distance, big);
            return;
        }

        Span<byte> immediate = bytes[ImmediateOffset..];
        uint moved = bytes[0] == CallCode ? (uint)distance / InstructionSize : (uint)distance;
        Write32(immediate, Read32(immediate, big) + moved, big);
    }

    private static uint Read32(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static void Write32(Span<byte> bytes, uint value, bool big)
    {
        if (big) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
    }

    private static void Write64(Span<byte> bytes, ulong value, bool big)
    {
        if (big) BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
    }
}

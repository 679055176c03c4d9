using System;
using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>Reads the functions in a table of symbols.</summary>
internal static class FunctionReader
{
    private const int NoType = 0, FunctionType = 2, IndirectFunction = 10; // STT_NOTYPE, STT_FUNC, STT_GNU_IFUNC
    private const int Weak = 2, Local = 0; // STB_WEAK, STB_LOCAL
    private const ushort FirstReserved = 0xff00, ExtendedIndex = 0xffff; // SHN_LORESERVE, SHN_XINDEX
    private const ushort Arm = 40; // EM_ARM, on which the lowest bit of an address tells the instruction set
    private const int Piece = 1 << 12, MostAtOnce = 1 << 16;

    public static Function[] Read(ElfBinary binary, in ElfSection symbols)
    {
        ElfForm form = binary.Form;
        int size = form.Is64Bit ? 24 : 16;
        ulong there = symbols.Offset >= (ulong)binary.Bytes.Length ? 0 : Math.Min(symbols.Size, (ulong)binary.Bytes.Length - symbols.Offset);
        // Most of a table of symbols is functions: room for all of it, if that is not what somebody made up.
        var functions = new List<Function>((int)Math.Min(there / (ulong)size, MostAtOnce));
        byte[] buffer = new byte[Piece * size];
        for (ulong done = 0; done < there;)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min((ulong)buffer.Length, there - done));
            int read = binary.Bytes.Read((long)(symbols.Offset + done), piece);
            for (int at = 0; at + size <= read; at += size)
            {
                if (Decode(binary, piece.Slice(at, size)) is Function function) functions.Add(function);
            }

            if (read < piece.Length) break;
            done += (ulong)read;
        }

        return [.. functions];
    }

    private static Function? Decode(ElfBinary binary, ReadOnlySpan<byte> symbol)
    {
        ElfForm form = binary.Form;
        (byte info, ushort section) = form.Is64Bit ? (symbol[4], form.UInt16(symbol[6..])) : (symbol[12], form.UInt16(symbol[14..]));
        ulong address = form.Is64Bit ? form.UInt64(symbol[8..]) : form.UInt32(symbol[4..]);
        ulong size = form.Is64Bit ? form.UInt64(symbol[16..]) : form.UInt32(symbol[8..]);
        uint name = form.UInt32(symbol);
        int type = info & 0xf, binding = info >> 4;
        if (name == 0 || section == 0 || (section >= FirstReserved && section != ExtendedIndex)) return null;

        // A label that assembly did not say to be a function is one when it is in code.
        ReadOnlySpan<ElfSection> sections = binary.Sections;
        bool isLabel = type == NoType && section < sections.Length && sections[section].IsCode;
        if (type is not (FunctionType or IndirectFunction) && !isLabel) return null;
        int rank = (isLabel ? 0 : 8) + (size == 0 ? 0 : 4) + binding switch { Local => 0, Weak => 1, _ => 2 };
        return new Function(binary.Machine == Arm ? address & ~1UL : address, (uint)Math.Min(size, uint.MaxValue), name, (byte)rank);
    }
}

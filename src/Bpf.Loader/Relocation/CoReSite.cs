using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics.Verifier;

namespace Bpf.Loader.Relocation;

/// <summary>Where in an object a CO-RE record is, for messages; nothing is looked up until one is written.</summary>
/// <param name="Section">The ELF section of the instruction.</param>
/// <param name="Symbol">The function of the instruction.</param>
/// <param name="Lines">The line info of the object, if it has any.</param>
public readonly record struct CoReSite(string? Section, string? Symbol = null, BtfExtReader? Lines = null)
{
    private const int FarthestRecords = 6;

    /// <summary>The best place known: the C line if the object says, else function, section and offset.</summary>
    /// <param name="local">The types of the object, in whose strings the names of files are.</param>
    /// <param name="instructionOffset">The offset of the instruction in the section, in bytes.</param>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public BpfLocation Locate(BtfReader local, uint instructionOffset) => Locate(local, instructionOffset, "");

    /// <inheritdoc cref="Locate(BtfReader, uint)"/>
    /// <param name="local">The types of the object, in whose strings the names of files are.</param>
    /// <param name="instructionOffset">The offset of the instruction in the section, in bytes.</param>
    /// <param name="word">A word of the access. Compilers load its offset early, in a line before it: one of the lines that follow is meant then.</param>
    internal BpfLocation Locate(BtfReader local, uint instructionOffset, string word)
    {
        var location = new BpfLocation(Section, Section is null ? null : instructionOffset, Symbol);
        if (Section is null || Lines is null) return location;
        if (!Lines.TryFindLine(local, Encoding.UTF8.GetBytes(Section), instructionOffset, out BtfLineInfo line)) return location;
        if (word.Length > 0 && !SourceWords.Has(line.GetText(local), word) && FindAccess(local, Lines, Section, instructionOffset, word) is BtfLineInfo access) line = access;
        return location with
        {
            SourceFile = line.GetFileName(local),
            SourceLine = line.Line,
            SourceColumn = line.Column,
            SourceText = line.GetText(local),
        };
    }

    private static BtfLineInfo? FindAccess(BtfReader local, BtfExtReader lines, string section, uint from, string word)
    {
        if (!lines.Lines.TryFind(local, Encoding.UTF8.GetBytes(section), out BtfExtSection<BtfLineInfo> records)) return null;
        int looked = 0;
        foreach (BtfLineInfo record in records)
        {
            if (record.InstructionOffset <= from) continue;
            if (SourceWords.Has(record.GetText(local), word)) return record;
            if (++looked == FarthestRecords) break;
        }

        return null;
    }
}

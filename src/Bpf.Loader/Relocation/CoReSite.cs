using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>Where in an object a CO-RE record is, for messages; nothing is looked up until one is written.</summary>
/// <param name="Section">The ELF section of the instruction.</param>
/// <param name="Symbol">The function of the instruction.</param>
/// <param name="Lines">The line info of the object, if it has any.</param>
public readonly record struct CoReSite(string? Section, string? Symbol = null, BtfExtReader? Lines = null)
{
    /// <summary>The best place known: the C line if the object says, else function, section and offset.</summary>
    /// <param name="local">The types of the object, in whose strings the names of files are.</param>
    /// <param name="instructionOffset">The offset of the instruction in the section, in bytes.</param>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public BpfLocation Locate(BtfReader local, uint instructionOffset)
    {
        var location = new BpfLocation(Section, Section is null ? null : instructionOffset, Symbol);
        if (Section is null || Lines is null) return location;
        if (!Lines.TryFindLine(local, Encoding.UTF8.GetBytes(Section), instructionOffset, out BtfLineInfo line)) return location;
        return location with
        {
            SourceFile = line.GetFileName(local),
            SourceLine = line.Line,
            SourceText = line.GetText(local),
        };
    }
}

namespace Bpf.Loader;

/// <summary>Where a finding is: in the file, and in the C source when line info tells.</summary>
/// <param name="Section">The section of the object file.</param>
/// <param name="Offset">The byte offset in that section.</param>
/// <param name="Symbol">The function, map or variable concerned.</param>
/// <param name="SourceFile">The C file.</param>
/// <param name="SourceLine">The line in the C file, from 1; 0 when unknown.</param>
/// <param name="SourceText">The text of that line.</param>
public readonly record struct BpfLocation(
    string? Section = null,
    long? Offset = null,
    string? Symbol = null,
    string? SourceFile = null,
    int SourceLine = 0,
    string? SourceText = null)
{
    /// <summary>The best place known: <c>file:line</c>, else symbol, else section and offset.</summary>
    public override string ToString()
    {
        if (SourceFile is not null) return $"{SourceFile}:{SourceLine}";
        string place = Offset is long at ? $"{Section}+0x{at:x}" : Section ?? "";
        return Symbol is null ? place : place.Length == 0 ? Symbol : $"{Symbol} ({place})";
    }
}

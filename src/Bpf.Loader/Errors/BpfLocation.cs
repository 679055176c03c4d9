namespace Bpf.Loader;

/// <summary>Where a finding is: in the file, and in the C source when line info tells.</summary>
/// <param name="Section">The section of the object file.</param>
/// <param name="Offset">The byte offset in that section.</param>
/// <param name="Symbol">The function, map or variable concerned.</param>
/// <param name="SourceFile">The C file.</param>
/// <param name="SourceLine">The line in the C file, from 1; 0 when unknown.</param>
/// <param name="SourceText">The text of that line.</param>
/// <param name="SourceColumn">The column in that line, from 1; 0 when unknown.</param>
public readonly record struct BpfLocation(
    string? Section = null,
    long? Offset = null,
    string? Symbol = null,
    string? SourceFile = null,
    int SourceLine = 0,
    string? SourceText = null,
    int SourceColumn = 0)
{
    /// <summary>The best place known: <c>file:line:column</c>, else symbol, else section and offset.</summary>
    public override string ToString()
    {
        if (SourceFile is not null) return SourceColumn == 0 ? $"{SourceFile}:{SourceLine}" : $"{SourceFile}:{SourceLine}:{SourceColumn}";
        string place = Offset is not long at ? Section ?? "" : Section is null ? $"file offset 0x{at:x}" : $"{Section}+0x{at:x}";
        return Symbol is null ? place : place.Length == 0 ? Symbol : $"{Symbol} ({place})";
    }
}

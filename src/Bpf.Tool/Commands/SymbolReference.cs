namespace Bpf.Tool.Commands;

/// <summary>An ELF relocation: a place that refers to a symbol.</summary>
/// <param name="Section">The section of the place.</param>
/// <param name="Offset">The place, in bytes from the start of the section.</param>
/// <param name="Type">The ELF relocation type for BPF.</param>
/// <param name="Symbol">The symbol, or the section whose start is meant.</param>
internal readonly record struct SymbolReference(string Section, ulong Offset, uint Type, string Symbol)
{
    /// <summary>The type by LLVM's name.</summary>
    public string TypeName => Type switch
    {
        1 => "R_BPF_64_64",
        2 => "R_BPF_64_ABS64",
        3 => "R_BPF_64_ABS32",
        4 => "R_BPF_64_NODYLD32",
        10 => "R_BPF_64_32",
        _ => Type.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

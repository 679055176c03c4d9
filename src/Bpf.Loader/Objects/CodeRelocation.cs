namespace Bpf.Loader.Objects;

/// <summary>What an instruction of a function refers to, as the file says it.</summary>
/// <param name="Instruction">The instruction, counted from the start of the function.</param>
/// <param name="Kind">What it refers to.</param>
/// <param name="Value">The value of the symbol in bytes: the offset in the section of code, data or jump tables.</param>
/// <param name="Section">For code, the index of the section that the symbol is in.</param>
/// <param name="Size">For jump tables, the size of the symbol in bytes.</param>
/// <param name="Map">The map, for references to maps and map values.</param>
/// <param name="Extern">The extern, for references to externs.</param>
internal readonly record struct CodeRelocation(
    int Instruction,
    CodeRelocationKind Kind,
    long Value = 0,
    int Section = 0,
    long Size = 0,
    BpfMapDefinition? Map = null,
    BpfExternDefinition? Extern = null);

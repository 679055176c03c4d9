namespace Bpf.Loader.Btf;

/// <summary>The place of a variable in a data section.</summary>
/// <param name="TypeId">The variable (or, for externs, the function).</param>
/// <param name="Offset">Its offset in the section, in bytes; clang leaves 0 for the loader to fill in.</param>
/// <param name="Size">Its size in bytes.</param>
public readonly record struct BtfSectionVariable(BtfTypeId TypeId, uint Offset, uint Size);

namespace Bpf.Loader.Links.Usdt;

/// <summary>Where the value of a USDT argument is.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Value">The constant, or the offset in memory.</param>
/// <param name="Register">The offset of the register in the saved registers (<c>struct pt_regs</c>).</param>
/// <param name="Index">The offset of the index register in the saved registers.</param>
/// <param name="ScaleShift">By how many bits the index is shifted.</param>
/// <param name="Size">Bytes: 1, 2, 4 or 8.</param>
/// <param name="IsSigned">True when the value is extended by its sign.</param>
internal readonly record struct UsdtArgument(
    UsdtArgumentKind Kind, long Value, short Register, ushort Index, byte ScaleShift, byte Size, bool IsSigned);

namespace Bpf.Loader.Links.Usdt;

/// <summary>Where the value of a USDT argument is.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Value">The constant, or the offset in memory.</param>
/// <param name="Register">The offset of the register in the saved registers (<c>struct pt_regs</c>).</param>
/// <param name="Index">The offset of the index register in the saved registers.</param>
/// <param name="ScaleShift">By how many bits the index is shifted.</param>
/// <param name="Size">Bytes: 1, 2, 4 or 8.</param>
/// <param name="IsSigned">True when the value is extended by its sign.</param>
/// <param name="Reason">Why it cannot be read, as the end of a sentence; null when it can be.</param>
internal readonly record struct UsdtArgument(
    UsdtArgumentKind Kind, long Value, short Register, ushort Index, byte ScaleShift, byte Size, bool IsSigned, string? Reason = null)
{
    public static UsdtArgument Constant(long value) => new(UsdtArgumentKind.Constant, value, 0, 0, 0, 0, false);

    public static UsdtArgument InRegister(short register) => new(UsdtArgumentKind.Register, 0, register, 0, 0, 0, false);

    public static UsdtArgument InMemory(short register, long offset) => new(UsdtArgumentKind.Memory, offset, register, 0, 0, 0, false);

    public static UsdtArgument Indexed(short register, long offset, short index, int scaleShift) =>
        new(UsdtArgumentKind.IndexedMemory, offset, register, (ushort)index, (byte)scaleShift, 0, false);

    public static UsdtArgument Unreadable(string reason) => new(UsdtArgumentKind.Unreadable, 0, 0, 0, 0, 0, false, reason);
}

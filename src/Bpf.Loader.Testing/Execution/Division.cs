namespace Bpf.Loader.Testing.Execution;

/// <summary>
/// Division as BPF defines it: by zero it gives zero and leaves the value as the rest; the smallest number by -1 gives itself and no
/// rest (<c>Documentation/bpf/standardization/instruction-set.rst</c>).
/// </summary>
internal static class Division
{
    public static ulong Unsigned(ulong value, ulong by) => by == 0 ? 0 : value / by;

    public static uint Unsigned(uint value, uint by) => by == 0 ? 0 : value / by;

    public static ulong UnsignedRest(ulong value, ulong by) => by == 0 ? value : value % by;

    public static uint UnsignedRest(uint value, uint by) => by == 0 ? value : value % by;

    public static long Signed(long value, long by) => by switch { 0 => 0, -1 => unchecked(-value), _ => value / by };

    public static int Signed(int value, int by) => by switch { 0 => 0, -1 => unchecked(-value), _ => value / by };

    public static long SignedRest(long value, long by) => by switch { 0 => value, -1 => 0, _ => value % by };

    public static int SignedRest(int value, int by) => by switch { 0 => value, -1 => 0, _ => value % by };
}

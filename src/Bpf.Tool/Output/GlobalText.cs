using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Output;

/// <summary>What there is to say of a global variable.</summary>
internal static class GlobalText
{
    private const uint LongestValue = 256;

    /// <summary>The type in C; empty when the object does not say.</summary>
    public static string TypeOf(BpfObjectFile file, BpfGlobal global) =>
        file.Btf is null || global.TypeId.IsVoid ? "" : BtfCPrinter.Declaration(file.Btf, global.TypeId);

    /// <summary>True when the variable has an initial value that is worth showing: not zero by its section, and not very long.</summary>
    public static bool HasValue(BpfObjectFile file, BpfGlobal global) =>
        file.Btf is not null && !global.TypeId.IsVoid && global.Map.Kind != BpfMapKind.Bss && global.Size <= LongestValue;
}

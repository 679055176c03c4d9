namespace Bpf.Loader.Linking;

/// <summary>The types of relocations that clang writes for BPF and that can be linked (llvm/BinaryFormat/ELFRelocs/BPF.def).</summary>
internal static class RelocationType
{
    /// <summary>R_BPF_64_64: a 64-bit load of an address.</summary>
    public const uint Load64 = 1;

    /// <summary>R_BPF_64_ABS64: 8 bytes of data.</summary>
    public const uint Absolute64 = 2;

    /// <summary>R_BPF_64_ABS32: 4 bytes of data.</summary>
    public const uint Absolute32 = 3;

    /// <summary>R_BPF_64_32: a call.</summary>
    public const uint Call = 10;
}

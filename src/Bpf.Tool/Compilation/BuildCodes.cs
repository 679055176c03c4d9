namespace Bpf.Tool.Compilation;

/// <summary>Ids of what builds say, beside those of the library.</summary>
internal static class BuildCodes
{
    /// <summary>No class can be made of an object.</summary>
    public const string NoSkeleton = "BPF6001";

    /// <summary>There is no clang.</summary>
    public const string NoClang = "BPF6010";

    /// <summary>There is only a clang that is too old.</summary>
    public const string OldClang = "BPF6011";

    /// <summary>clang warns.</summary>
    public const string ClangWarning = "BPF6012";

    /// <summary>clang refuses the source.</summary>
    public const string ClangError = "BPF6013";

    /// <summary>clang does not find a header of libbpf or of the kernel.</summary>
    public const string NoHeader = "BPF6014";
}

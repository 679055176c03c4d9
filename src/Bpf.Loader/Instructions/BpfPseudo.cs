namespace Bpf.Loader.Instructions;

/// <summary>What the source register of a call or of a 64-bit load says about its immediate.</summary>
public static class BpfPseudo
{
    /// <summary>BPF_PSEUDO_CALL: a function of the program, as the distance in instructions.</summary>
    public const int Call = 1;

    /// <summary>BPF_PSEUDO_KFUNC_CALL: a kernel function by its BTF id (Linux 5.13).</summary>
    public const int KernelFunctionCall = 2;

    /// <summary>BPF_PSEUDO_MAP_FD: a map by its descriptor.</summary>
    public const int MapDescriptor = 1;

    /// <summary>BPF_PSEUDO_MAP_VALUE: an address in the value of an array map; the second half holds the offset (Linux 5.2).</summary>
    public const int MapValue = 2;

    /// <summary>BPF_PSEUDO_BTF_ID: a kernel variable by its BTF id; the second half holds the module's BTF (Linux 5.10).</summary>
    public const int BtfId = 3;

    /// <summary>BPF_PSEUDO_FUNC: a function of the program, as the distance in instructions (Linux 5.13).</summary>
    public const int Function = 4;

    /// <summary>BPF_PSEUDO_MAP_IDX: a map by its index in <c>fd_array</c> (Linux 5.14).</summary>
    public const int MapIndex = 5;

    /// <summary>BPF_PSEUDO_MAP_IDX_VALUE: a map value by index in <c>fd_array</c> (Linux 5.14).</summary>
    public const int MapIndexValue = 6;
}

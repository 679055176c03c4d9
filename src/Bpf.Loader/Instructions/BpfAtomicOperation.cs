namespace Bpf.Loader.Instructions;

/// <summary>What an atomic instruction does: the immediate of <c>BPF_STX | BPF_ATOMIC</c>.</summary>
public enum BpfAtomicOperation
{
    /// <summary><c>BPF_ADD</c>: adds, and returns nothing.</summary>
    Add = 0x00,

    /// <summary><c>BPF_OR</c> (Linux 5.12).</summary>
    Or = 0x40,

    /// <summary><c>BPF_AND</c> (Linux 5.12).</summary>
    And = 0x50,

    /// <summary><c>BPF_XOR</c> (Linux 5.12).</summary>
    Xor = 0xa0,

    /// <summary><c>BPF_ADD | BPF_FETCH</c>: the source register gets the former value (Linux 5.12).</summary>
    FetchAdd = 0x01,

    /// <summary><c>BPF_OR | BPF_FETCH</c> (Linux 5.12).</summary>
    FetchOr = 0x41,

    /// <summary><c>BPF_AND | BPF_FETCH</c> (Linux 5.12).</summary>
    FetchAnd = 0x51,

    /// <summary><c>BPF_XOR | BPF_FETCH</c> (Linux 5.12).</summary>
    FetchXor = 0xa1,

    /// <summary><c>BPF_XCHG</c>: swaps memory and source register (Linux 5.12).</summary>
    Exchange = 0xe1,

    /// <summary><c>BPF_CMPXCHG</c>: stores the source register if memory equals R0; R0 gets the former value (Linux 5.12).</summary>
    CompareExchange = 0xf1,

    /// <summary><c>BPF_LOAD_ACQ</c>: loads with acquire order (Linux 6.15).</summary>
    LoadAcquire = 0x100,

    /// <summary><c>BPF_STORE_REL</c>: stores with release order (Linux 6.15).</summary>
    StoreRelease = 0x110,
}

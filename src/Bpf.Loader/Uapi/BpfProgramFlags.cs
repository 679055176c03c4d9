using System;

namespace Bpf.Loader;

/// <summary>Flags of a program at its load: the <c>BPF_F_*</c> bits of <c>prog_flags</c>.</summary>
[Flags]
public enum BpfProgramFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>BPF_F_STRICT_ALIGNMENT</c>: the verifier checks alignment strictly (4.12).</summary>
    StrictAlignment = 1u << 0,

    /// <summary><c>BPF_F_ANY_ALIGNMENT</c>: the verifier does not check alignment (5.0).</summary>
    AnyAlignment = 1u << 1,

    /// <summary><c>BPF_F_TEST_RND_HI32</c>: upper halves are poisoned, for tests (5.3).</summary>
    TestRandomizeHigh32 = 1u << 2,

    /// <summary><c>BPF_F_TEST_STATE_FREQ</c>: the verifier checkpoints at every chance, for tests (5.5).</summary>
    TestStateFrequency = 1u << 3,

    /// <summary><c>BPF_F_SLEEPABLE</c>: the program may sleep (5.10).</summary>
    Sleepable = 1u << 4,

    /// <summary><c>BPF_F_XDP_HAS_FRAGS</c>: the XDP program handles packets of several buffers (5.18).</summary>
    XdpHasFrags = 1u << 5,

    /// <summary><c>BPF_F_XDP_DEV_BOUND_ONLY</c>: the XDP program is bound to a device for its metadata (6.3).</summary>
    XdpDeviceBoundOnly = 1u << 6,

    /// <summary><c>BPF_F_TEST_REG_INVARIANTS</c>: the verifier checks its own register bounds, for tests (6.8).</summary>
    TestRegisterInvariants = 1u << 7,

    /// <summary><c>BPF_F_TOKEN_FD</c>: a BPF token is given (6.9).</summary>
    TokenFd = 1u << 16,
}

namespace Bpf.Loader.Testing;

/// <summary>What becomes of a packet that a program of tc saw: <c>TC_ACT_*</c>, and the <c>TCX_*</c> of the same numbers.</summary>
public enum TcAction
{
    /// <summary><c>TC_ACT_UNSPEC</c>: the next program decides.</summary>
    Unspecified = -1,

    /// <summary><c>TC_ACT_OK</c>.</summary>
    Ok = 0,

    /// <summary><c>TC_ACT_RECLASSIFY</c>.</summary>
    Reclassify = 1,

    /// <summary><c>TC_ACT_SHOT</c>: the packet is dropped.</summary>
    Shot = 2,

    /// <summary><c>TC_ACT_PIPE</c>: the next action decides.</summary>
    Pipe = 3,

    /// <summary><c>TC_ACT_STOLEN</c>.</summary>
    Stolen = 4,

    /// <summary><c>TC_ACT_QUEUED</c>.</summary>
    Queued = 5,

    /// <summary><c>TC_ACT_REPEAT</c>.</summary>
    Repeat = 6,

    /// <summary><c>TC_ACT_REDIRECT</c>: to where <see cref="BpfRun.Redirect"/> says.</summary>
    Redirect = 7,

    /// <summary><c>TC_ACT_TRAP</c>.</summary>
    Trap = 8,
}

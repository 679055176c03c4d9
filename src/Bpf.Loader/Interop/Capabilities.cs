using System;

namespace Bpf.Loader.Interop;

/// <summary>The capabilities that this process has, for hints: never to decide what may be tried.</summary>
internal readonly struct Capabilities
{
    // _LINUX_CAPABILITY_VERSION_3, and process 0 behind it, in either byte order of a 64-bit word.
    private static readonly ulong Version3 = BitConverter.IsLittleEndian ? 0x20080522u : 0x20080522UL << 32;

    private readonly ulong _effective;

    private Capabilities(ulong effective)
    {
        _effective = effective;
    }

    /// <summary>
    /// Asks for them anew, as threads may drop them: by capget(2), which takes neither /proc nor a descriptor. <see langword="null"/> where
    /// a filter forbids the call.
    /// </summary>
    public static unsafe Capabilities? Read()
    {
        // struct __user_cap_header_struct of this thread; the sets that are in effect, permitted and inheritable, twice 32 bits of each.
        ulong header = Version3;
        uint* sets = stackalloc uint[6];
        return LibC.SystemCall(SystemCallNumbers.CapGet, (nint)(&header), (nint)sets, 0) == 0
            ? new Capabilities(sets[0] | ((ulong)sets[3] << 32))
            : null;
    }

    /// <summary>Whether a capability is in effect; CAP_SYS_ADMIN stands for the two that 5.8 split from it.</summary>
    public bool Has(Capability capability)
        => IsSet(capability) || (capability is Capability.Bpf or Capability.PerfMon && IsSet(Capability.SysAdmin));

    private bool IsSet(Capability capability) => (_effective >> (int)capability & 1) != 0;
}

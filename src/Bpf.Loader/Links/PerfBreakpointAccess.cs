using System;

namespace Bpf.Loader.Links;

/// <summary>Which accesses a breakpoint is for: <c>HW_BREAKPOINT_*</c>.</summary>
[Flags]
public enum PerfBreakpointAccess : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>HW_BREAKPOINT_R</c>: reads; x86-64 has them only together with writes.</summary>
    Read = 1,

    /// <summary><c>HW_BREAKPOINT_W</c>: writes.</summary>
    Write = 2,

    /// <summary><c>HW_BREAKPOINT_X</c>: execution.</summary>
    Execute = 4,
}

using System;

namespace Bpf.Loader.Interop;

/// <summary>What a netlink request is for: NLM_F_*.</summary>
[Flags]
internal enum NetlinkFlags : ushort
{
    None = 0,

    /// <summary>NLM_F_ECHO: answer with what was made.</summary>
    Echo = 0x8,

    /// <summary>NLM_F_REPLACE: replace what is there. Of a request that reads it has the value of NLM_F_ROOT.</summary>
    Replace = 0x100,

    /// <summary>NLM_F_EXCL: refuse when something is there.</summary>
    Exclusive = 0x200,

    /// <summary>NLM_F_CREATE: make what is not there.</summary>
    Create = 0x400,

    /// <summary>NLM_F_DUMP: everything of the kind.</summary>
    Dump = 0x300,
}

namespace Bpf.Loader.Interop;

/// <summary>The capabilities that matter to BPF, by their number in include/uapi/linux/capability.h.</summary>
internal enum Capability
{
    /// <summary>Reads files and walks folders whatever their mode.</summary>
    DacReadSearch = 2,

    NetAdmin = 12,
    SysAdmin = 21,
    SysResource = 24,

    /// <summary>Since 5.8; CAP_SYS_ADMIN before.</summary>
    PerfMon = 38,

    /// <summary>Since 5.8; CAP_SYS_ADMIN before.</summary>
    Bpf = 39,
}

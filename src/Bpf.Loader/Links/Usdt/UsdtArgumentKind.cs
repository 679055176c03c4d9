namespace Bpf.Loader.Links.Usdt;

/// <summary>How the value of a USDT argument is found; the numbers are those of usdt.bpf.h.</summary>
internal enum UsdtArgumentKind : byte
{
    /// <summary>It is a constant.</summary>
    Constant = 0,

    /// <summary>It is in a register.</summary>
    Register = 1,

    /// <summary>It is in memory, at a register plus an offset.</summary>
    Memory = 2,

    /// <summary>It is in memory, at a register plus a scaled index register plus an offset.</summary>
    IndexedMemory = 3,

    /// <summary>It is in a place that cannot be read: the program is told EINVAL, by libbpf's header as by ours, which know no such number.</summary>
    Unreadable = 255,
}

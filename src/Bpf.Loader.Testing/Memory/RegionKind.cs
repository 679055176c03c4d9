namespace Bpf.Loader.Testing.Memory;

/// <summary>What a region of the machine's memory holds.</summary>
internal enum RegionKind : byte
{
    /// <summary>Nothing: the region is free.</summary>
    None,

    /// <summary>The stack of one function's call.</summary>
    Stack,

    /// <summary>The context of a program, parts of which are made when they are read.</summary>
    Context,

    /// <summary>A packet.</summary>
    Packet,

    /// <summary>The value of a map's element, or a section of variables.</summary>
    MapValue,

    /// <summary>A record of a ring buffer that is not submitted yet.</summary>
    Record,

    /// <summary>The pages of an arena.</summary>
    Arena,

    /// <summary>An object of the kernel.</summary>
    Kernel,

    /// <summary>Memory of a process.</summary>
    User,

    /// <summary>Something that programs pass on and never look into, such as a map.</summary>
    Handle,

    /// <summary>The instructions of a program, for the addresses of functions.</summary>
    Code,
}

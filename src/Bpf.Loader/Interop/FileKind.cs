namespace Bpf.Loader.Interop;

/// <summary>What a path leads to: the bits of <c>S_IFMT</c> (include/uapi/linux/stat.h).</summary>
internal enum FileKind : ushort
{
    /// <summary>The kernel did not say.</summary>
    Unknown = 0,

    /// <summary>A pipe, with or without a name.</summary>
    Pipe = 0x1000,

    CharacterDevice = 0x2000,

    Directory = 0x4000,

    BlockDevice = 0x6000,

    /// <summary>A file with contents.</summary>
    Regular = 0x8000,

    /// <summary>A symbolic link, where links are not followed.</summary>
    Link = 0xa000,

    Socket = 0xc000,
}

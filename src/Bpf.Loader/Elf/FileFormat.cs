namespace Bpf.Loader.Elf;

/// <summary>What a file is that was taken for an object, and is no ELF file.</summary>
internal enum FileFormat
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>Nothing but zeros.</summary>
    Zeros,

    /// <summary>LLVM bitcode, raw or wrapped, or its text.</summary>
    Bitcode,

    /// <summary>C source.</summary>
    CSource,

    /// <summary>Source of an assembler.</summary>
    AssemblerSource,

    /// <summary>A pointer of git-lfs or git-annex, in place of the file.</summary>
    GitPointer,

    /// <summary>An archive of objects (ar).</summary>
    Archive,

    /// <summary>An archive of files: tar, zip, cpio.</summary>
    FileArchive,

    /// <summary>A compressed file.</summary>
    Compressed,

    /// <summary>A page or an answer of a web server.</summary>
    WebPage,

    /// <summary>A script, with its interpreter in its first line.</summary>
    Script,

    /// <summary>Other text.</summary>
    Text,

    /// <summary>An executable, library or object of macOS.</summary>
    MachO,

    /// <summary>An executable or library of Windows.</summary>
    WindowsExecutable,

    /// <summary>An object of Windows.</summary>
    WindowsObject,

    /// <summary>A WebAssembly module.</summary>
    WebAssembly,

    /// <summary>A kernel as it is booted.</summary>
    KernelImage,

    /// <summary>Raw BTF.</summary>
    RawBtf,
}

using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Elf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Where a kernel's types may be found.</summary>
[SupportedOSPlatform("linux")]
internal static class VmlinuxFiles
{
    /// <summary>What the kernel itself gives (5.4).</summary>
    public const string Sysfs = "/sys/kernel/btf/vmlinux";

    private const uint BtfMagic = 0xeb9f;

    /// <summary>The files to look into where the kernel gives nothing, in this order; raw BTF or the kernel's ELF file.</summary>
    /// <param name="release">What <c>uname -r</c> prints.</param>
    public static IReadOnlyList<string> Candidates(string release) =>
    [
        $"/boot/vmlinux-{release}",
        $"/lib/modules/{release}/vmlinux-{release}",
        $"/lib/modules/{release}/build/vmlinux",
        $"/usr/lib/modules/{release}/kernel/vmlinux",
        $"/usr/lib/debug/boot/vmlinux-{release}",
        $"/usr/lib/debug/boot/vmlinux-{release}.debug",
        $"/usr/lib/debug/lib/modules/{release}/vmlinux",
    ];

    /// <summary>The BTF of a file; <see langword="false"/> when there is no such file, it cannot be read, or it has no BTF.</summary>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public static bool TryRead(string path, out ReadOnlyMemory<byte> btf, out Errno errno)
    {
        btf = default;
        using FileDescriptorHandle? file = KernelFile.OpenRead(path, out errno);
        if (file is null)
            return false;

        // A kernel with debug information has hundreds of megabytes, of which a few are BTF: map it and copy those.
        errno = KernelFile.GetLength(file, out long length);
        if (errno != Errno.None || length is < sizeof(uint) or > int.MaxValue)
            return false;
        MappedMemory? mapping = MappedMemory.MapPrivateReadOnly(file, (nuint)length, out errno);
        if (mapping is null)
            return false;
        try
        {
            btf = Extract(mapping.Memory);
            return !btf.IsEmpty;
        }
        finally
        {
            mapping.Unmap();
        }
    }

    private static ReadOnlyMemory<byte> Extract(ReadOnlyMemory<byte> file)
    {
        if (BitConverter.ToUInt16(file.Span) == BtfMagic)
            return file.ToArray();
        return ElfFile.Read(file).Sections.TryFind(".BTF"u8, out ElfSection section) ? section.Data.ToArray() : default;
    }
}

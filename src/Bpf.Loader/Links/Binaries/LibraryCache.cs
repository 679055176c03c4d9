using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Reads <c>/etc/ld.so.cache</c>, by which glibc's dynamic loader finds libraries.</summary>
internal static class LibraryCache
{
    private const int HeaderSize = 48;
    private const int EntrySize = 24;

    private static ReadOnlySpan<byte> OldMagic => "ld.so-1.7.0"u8;

    private static ReadOnlySpan<byte> Magic => "glibc-ld.so.cache1.1"u8;

    /// <summary>The path of a library for this machine, or null when the cache does not name it or is not one.</summary>
    public static string? Find(ReadOnlySpan<byte> cache, ReadOnlySpan<byte> library, Architecture architecture)
    {
        // Caches of old glibcs begin with a table of the old form, behind which the new one stands.
        if (cache.StartsWith(OldMagic))
        {
            int start = cache.IndexOf(Magic);
            if (start < 0) return null;
            cache = cache[start..];
        }

        if (!cache.StartsWith(Magic) || cache.Length < HeaderSize) return null;
        uint count = UInt32(cache, 20);
        if (count > (uint)(cache.Length - HeaderSize) / EntrySize) return null;

        for (int i = 0; i < (int)count; i++)
        {
            int entry = HeaderSize + (i * EntrySize);
            // Entries with hwcap bits are variants for some processors, of libraries that also have a plain entry.
            if (UInt32(cache, entry) != FlagsOf(architecture) || BinaryPrimitives.ReadUInt64LittleEndian(cache[(entry + 16)..]) != 0) continue;
            if (!Text(cache, UInt32(cache, entry + 4)).SequenceEqual(library)) continue;
            ReadOnlySpan<byte> path = Text(cache, UInt32(cache, entry + 8));
            if (!path.IsEmpty) return Encoding.UTF8.GetString(path);
        }

        return null;
    }

    // FLAG_ELF_LIBC6 (3) and the ABI, from glibc's sysdeps ldconfig.h.
    private static uint FlagsOf(Architecture architecture) => architecture switch
    {
        Architecture.X64 => 0x0303,
        Architecture.Arm64 => 0x0a03,
        Architecture.S390x => 0x0403,
        Architecture.RiscV64 => 0x1003,
        Architecture.Ppc64le => 0x0503,
        _ => 3,
    };

    private static uint UInt32(ReadOnlySpan<byte> cache, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(cache[offset..]);

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> cache, uint offset)
    {
        if (offset >= (uint)cache.Length) return default;
        ReadOnlySpan<byte> text = cache[(int)offset..];
        int end = text.IndexOf((byte)0);
        return end < 0 ? default : text[..end];
    }
}

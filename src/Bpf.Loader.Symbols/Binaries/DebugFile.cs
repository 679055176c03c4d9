using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>
/// Finds the file that a distribution keeps the symbols of a stripped binary in: by its build id, or by the name and checksum that the
/// binary has of it, where gdb looks too. One that belongs to another build is never taken.
/// </summary>
internal static class DebugFile
{
    private const string Directory = "/usr/lib/debug";

    /// <summary>Finds it, with symbols in it; null when there is none.</summary>
    /// <param name="binary">The binary.</param>
    /// <param name="path">Its path, as its process has it.</param>
    /// <param name="open">Opens a path as the process sees it, and as we do.</param>
    public static ElfBinary? Find(ElfBinary binary, string path, Func<string, SafeFileHandle?> open)
    {
        if (binary.BuildId.Length > 2)
        {
            string file = PathOf(binary.BuildId);
            if (Read(open(file)) is ElfBinary found)
            {
                if (found.BuildId == binary.BuildId && HasSymbols(found)) return found;
                found.Dispose();
            }
        }

        if (!TryReadLink(binary, out string name, out uint checksum)) return null;
        string folder = Path.GetDirectoryName(path) ?? "/";
        foreach (string candidate in (string[])[$"{folder}/{name}", $"{folder}/.debug/{name}", $"{Directory}{folder}/{name}"])
        {
            if (candidate == path || Read(open(candidate)) is not ElfBinary found) continue;
            if (HasSymbols(found) && Crc32.Of(found.Bytes) == checksum) return found;
            found.Dispose();
        }

        return null;
    }

    /// <summary>Where the debug file of a build id is.</summary>
    public static string PathOf(string buildId) => $"{Directory}/.build-id/{buildId[..2]}/{buildId[2..]}.debug";

    private static bool HasSymbols(ElfBinary binary) => binary.Find(ElfSection.Symbols) is not null;

    private static ElfBinary? Read(SafeFileHandle? file) => file is null ? null : ElfBinary.Read(new FileBytes(file));

    // A name with NULs behind it up to a multiple of four, and the checksum.
    private static bool TryReadLink(ElfBinary binary, out string name, out uint checksum)
    {
        (name, checksum) = ("", 0);
        if (binary.Find(".gnu_debuglink") is not ElfSection section || section.Size is < 8 or > 4096) return false;
        Span<byte> sum = stackalloc byte[4];
        name = binary.ReadText(section, 0);
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || binary.Bytes.Read((long)(section.Offset + section.Size - 4), sum) < 4) return false;
        checksum = binary.Form.UInt32(sum);
        return true;
    }
}

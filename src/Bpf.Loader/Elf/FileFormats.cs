using System;
using System.Buffers.Binary;
using System.Text;

namespace Bpf.Loader.Elf;

/// <summary>Recognizes by their first bytes the files that people give in place of an object.</summary>
internal static class FileFormats
{
    // A comment with a license may stand before what tells a language.
    private const int Looked = 16 * 1024;

    private static readonly string[] WordsOfC =
        ["#include", "#define", "#pragma", "#ifndef", "#ifdef", "typedef ", "struct ", "static ", "extern ", "union ", "enum ", "SEC(\"", "char ", "int ", "void "];

    /// <summary>What a file is; unknown also for an ELF file.</summary>
    public static FileFormat Recognize(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return FileFormat.Empty;
        ReadOnlySpan<byte> start = file[..Math.Min(file.Length, Looked)];
        if (Binary(start) is var format and not FileFormat.Unknown) return format;
        if (start.StartsWith("!<arch>\n"u8) || start.StartsWith("!<thin>\n"u8)) return FileFormat.Archive;
        if (IsText(start)) return Text(Encoding.UTF8.GetString(start));
        return file.IndexOfAnyExcept((byte)0) < 0 ? FileFormat.Zeros : FileFormat.Unknown;
    }

    /// <summary>The program that a compressed file or an archive was made by; null for others.</summary>
    public static string? Packer(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, ..] => "gzip",
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => "bzip2",
        [0x04, 0x22, 0x4d, 0x18, ..] => "lz4",
        [(byte)'P', (byte)'K', 3, 4, ..] => "zip",
        [(byte)'7', (byte)'z', 0xbc, 0xaf, ..] => "7z",
        _ when start.Length > 262 && start[257..].StartsWith("ustar"u8) => "tar",
        _ when start.StartsWith("070701"u8) || start.StartsWith("070702"u8) => "cpio",
        _ => null,
    };

    private static FileFormat Binary(ReadOnlySpan<byte> start)
    {
        if (start.Length < 4) return FileFormat.Unknown;
        switch (Packer(start))
        {
            case "zip" or "7z" or "tar" or "cpio": return FileFormat.FileArchive;
            case not null: return FileFormat.Compressed;
        }

        if (start.StartsWith("MZ"u8)) return start.Length > 0x206 && start[0x202..].StartsWith("HdrS"u8) ? FileFormat.KernelImage : FileFormat.WindowsExecutable;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(start);
        return magic switch
        {
            0xdec04342 or 0x0b17c0de => FileFormat.Bitcode, // "BC" c0 de, and the wrapper of it
            0xfeedface or 0xfeedfacf or 0xcefaedfe or 0xcffaedfe or 0xbebafeca or 0xcafebabe => FileFormat.MachO,
            0x6d736100 => FileFormat.WebAssembly, // NUL "asm"
            _ when (ushort)magic is 0xeb9f or 0x9feb => FileFormat.RawBtf,
            _ when (ushort)magic is 0x8664 or 0xaa64 && start.Length >= 20 && start[16] == 0 && start[17] == 0 => FileFormat.WindowsObject, // no optional header in an object
            _ => FileFormat.Unknown,
        };
    }

    // What an editor would show: no control characters but those of lines, and no broken UTF-8 but at the end, where it may be cut.
    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (byte value in start)
        {
            if (value is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x1b) or 0x7f) return false;
        }

        return System.Text.Unicode.Utf8.IsValid(start) || (start.Length == Looked && System.Text.Unicode.Utf8.IsValid(start[..^3])) || System.Text.Unicode.Utf8.IsValid(start[..Math.Max(start.Length - 3, 0)]);
    }

    private static FileFormat Text(string text)
    {
        text = text.TrimStart('\ufeff');
        string head = text.TrimStart();
        if (head.StartsWith("version https://git-lfs.github.com/", StringComparison.Ordinal) || head.StartsWith("/annex/objects/", StringComparison.Ordinal)) return FileFormat.GitPointer;
        if (head.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) || head.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || head.StartsWith("<?xml", StringComparison.Ordinal)
            || head.StartsWith("404: Not Found", StringComparison.Ordinal) || head.StartsWith("HTTP/", StringComparison.Ordinal))
        {
            return FileFormat.WebPage;
        }

        if (head.StartsWith("#!", StringComparison.Ordinal)) return FileFormat.Script;
        if (head.StartsWith("; ModuleID", StringComparison.Ordinal) || head.StartsWith("source_filename = ", StringComparison.Ordinal) || head.StartsWith("target datalayout", StringComparison.Ordinal)) return FileFormat.Bitcode;
        if (IsAssembler(text)) return FileFormat.AssemblerSource;
        return IsC(text) ? FileFormat.CSource : FileFormat.Text;
    }

    private static bool IsAssembler(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> word = line.Trim();
            if (word.StartsWith(".text") || word.StartsWith(".section") || word.StartsWith(".globl") || word.StartsWith(".file\t") || word.StartsWith(".file ")) return true;
        }

        return false;
    }

    // The first line that is no comment begins with a word of C.
    private static bool IsC(string text)
    {
        bool isComment = false;
        foreach (ReadOnlySpan<char> whole in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = whole.Trim();
            if (!isComment && line.StartsWith("/*")) isComment = true;
            if (isComment)
            {
                int end = line.IndexOf("*/");
                if (end < 0) continue;
                isComment = false;
                line = line[(end + 2)..].Trim();
            }

            if (line.IsEmpty || line.StartsWith("//")) continue;
            foreach (string word in WordsOfC)
            {
                if (line.StartsWith(word)) return true;
            }

            return text.Contains("SEC(\"", StringComparison.Ordinal);
        }

        return false;
    }
}

using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Symbols.Binaries;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>A part of the memory of a process that is executed.</summary>
/// <param name="start">Its first address.</param>
/// <param name="end">The address behind its last.</param>
/// <param name="offset">Where in its file it begins.</param>
/// <param name="device">The device of its file.</param>
/// <param name="inode">The number of its file; 0 when it has none.</param>
/// <param name="path">The path of its file, or a word in brackets, or nothing.</param>
internal sealed class Mapping(ulong start, ulong end, ulong offset, ulong device, ulong inode, string path)
{
    private const string DeletedMark = " (deleted)";

    public ulong Start => start;

    public ulong End => end;

    public ulong Offset => offset;

    public ulong Inode => inode;

    public string Path => path;

    /// <summary>The binary, once it was read.</summary>
    public BinaryModule? Module { get; set; }

    /// <summary>Whether there is a file of this name behind it, and not memory that only looks so: runtimes write code into memfds.</summary>
    public bool IsFile => inode != 0 && path.StartsWith('/') && !path.StartsWith("/memfd:", StringComparison.Ordinal) && !path.StartsWith("/dev/zero", StringComparison.Ordinal);

    /// <summary>Whether the file has no name any more: it was deleted, or replaced.</summary>
    public bool IsDeleted => path.EndsWith(DeletedMark, StringComparison.Ordinal);

    /// <summary>The path that the file has or had.</summary>
    public string PathThen => IsDeleted ? path[..^DeletedMark.Length] : path;

    /// <summary>Whether another one is of the same part of the same file, at the same place.</summary>
    public bool IsSame(Mapping other) => (start, end, offset, device, inode) == (other.Start, other.End, other.Offset, other.Device, other.Inode) && path == other.Path;

    private ulong Device => device;

    /// <summary>Reads those that are executed from <c>/proc/PID/maps</c>, in order.</summary>
    public static Mapping[] ReadAll(ReadOnlySpan<byte> maps)
    {
        List<Mapping> all = [];
        while (!maps.IsEmpty)
        {
            int end = maps.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? maps : maps[..end];
            maps = end < 0 ? default : maps[(end + 1)..];
            if (Parse(line) is Mapping mapping) all.Add(mapping);
        }

        return [.. all];
    }

    // start-end perms offset major:minor inode path
    private static Mapping? Parse(ReadOnlySpan<byte> line)
    {
        if (!Hex(ref line, (byte)'-', out ulong start) || !Hex(ref line, (byte)' ', out ulong end) || line.Length < 5 || line[2] != 'x') return null;
        line = line[5..];
        if (!Hex(ref line, (byte)' ', out ulong offset) || !Hex(ref line, (byte)':', out ulong major) || !Hex(ref line, (byte)' ', out ulong minor)) return null;
        if (!Utf8Parser.TryParse(line, out ulong inode, out int used)) return null;
        // A line feed is the one character that the kernel writes as its number.
        string path = Encoding.UTF8.GetString(line[used..].TrimStart((byte)' ')).Replace("\\012", "\n", StringComparison.Ordinal);
        return new Mapping(start, end, offset, (major << 32) | minor, inode, path);
    }

    private static bool Hex(ref ReadOnlySpan<byte> text, byte end, out ulong value)
    {
        if (!Utf8Parser.TryParse(text, out value, out int used, 'x') || used >= text.Length || text[used] != end) return false;
        text = text[(used + 1)..];
        return true;
    }
}

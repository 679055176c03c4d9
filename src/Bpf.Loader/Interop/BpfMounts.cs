using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>Where file systems of type bpf are mounted, and what is pinned in them.</summary>
[SupportedOSPlatform("linux")]
internal static class BpfMounts
{
    /// <summary>The mount points, as this process sees them; none when /proc is not mounted.</summary>
    public static IReadOnlyList<string> Find()
    {
        var mounts = new List<string>();
        foreach (string line in ReadLines())
        {
            int rest = line.IndexOf(" - ", StringComparison.Ordinal);
            string[] words = line.Split(' ');
            if (rest > 0 && words.Length > 5 && line.AsSpan(rest + 3).StartsWith("bpf ", StringComparison.Ordinal))
                mounts.Add(Unescape(words[4]));
        }

        return mounts;
    }

    /// <summary>The options of the file system of a mount; null when there is none of that number.</summary>
    public static string? FindOptions(ulong mount)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"{mount} ");
        string? line = Array.Find(ReadLines(), line => line.StartsWith(start, StringComparison.Ordinal));
        return line?[(line.LastIndexOf(' ') + 1)..];
    }

    /// <summary>Opens what is pinned under a path, with as much access as the file's permissions give; null when it is no such thing.</summary>
    public static FileDescriptorHandle? TryOpen(string path)
    {
        FileDescriptorHandle? handle = BpfSyscall.ObjectGet(path, BpfMapFlags.None, out Errno errno);
        return handle is null && errno is Errno.EPERM or Errno.EACCES ? BpfSyscall.ObjectGet(path, BpfMapFlags.ReadOnly, out _) : handle;
    }

    /// <summary>The files below a directory, those of directories that may not be read left out.</summary>
    public static IEnumerable<string> Files(string directory) => Directory.EnumerateFiles(
        directory, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint });

    // proc(5): id, parent, device, root, mount point, options, optional fields, a hyphen, type, source, options.
    private static string[] ReadLines()
    {
        try
        {
            return File.ReadAllLines("/proc/self/mountinfo");
        }
        catch (IOException)
        {
            return [];
        }
    }

    // Spaces, tabs, line ends and backslashes are written as three octal digits.
    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}

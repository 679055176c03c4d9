using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>What is mounted where, as this process sees it.</summary>
[SupportedOSPlatform("linux")]
internal static class MountTable
{
    /// <summary>The mounts, in the order in which they were made; none when /proc is not mounted.</summary>
    public static IReadOnlyList<(string Point, string Type)> Read() => ReadWithRoots().ConvertAll(static mount => (mount.Point, mount.Type));

    /// <summary>As <see cref="Read"/>, with the directory of the file system that is mounted there; <c>/</c> unless it is a part of it.</summary>
    public static List<(string Root, string Point, string Type)> ReadWithRoots()
    {
        var mounts = new List<(string Root, string Point, string Type)>();
        foreach (string line in ReadLines())
        {
            int rest = line.IndexOf(" - ", StringComparison.Ordinal);
            string[] words = line.Split(' ');
            if (rest > 0 && words.Length > 5) mounts.Add((Unescape(words[3]), Unescape(words[4]), line[(rest + 3)..].Split(' ')[0]));
        }

        return mounts;
    }

    /// <summary>The mount that a path lies in: of those that cover it, the deepest, and of those the last.</summary>
    public static (string Point, string Type)? Of(string path)
    {
        (string Point, string Type)? found = null;
        foreach ((string Point, string Type) mount in Read())
        {
            bool covers = path == mount.Point || path.StartsWith(mount.Point.TrimEnd('/') + "/", StringComparison.Ordinal);
            if (covers && mount.Point.Length >= (found?.Point.Length ?? 0)) found = mount;
        }

        return found;
    }

    /// <summary>The lines of <c>mountinfo</c>, proc(5): id, parent, device, root, mount point, options, optional fields, a hyphen, type, source, options.</summary>
    public static string[] ReadLines()
    {
        try
        {
            return File.ReadAllLines("/proc/self/mountinfo");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

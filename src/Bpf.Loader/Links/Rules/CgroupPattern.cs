using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links.Rules;

/// <summary>A pattern of directories below a root, part for part.</summary>
internal sealed class CgroupPattern
{
    private const string AnyDepth = "**";

    private static readonly EnumerationOptions Quietly = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private readonly string[] _parts;

    public CgroupPattern(string pattern)
        : this(pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
    {
    }

    private CgroupPattern(string[] parts) => _parts = parts;

    /// <summary>The pattern below a cgroup, for where nothing but that one is mounted.</summary>
    public CgroupPattern Below(string cgroup)
    {
        string[] above = cgroup.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return _parts.AsSpan().StartsWith(above) ? new CgroupPattern(_parts[above.Length..]) : this;
    }

    /// <summary>The directories that it covers.</summary>
    /// <param name="root">The root, which is one of them where the pattern is nothing but stars for any depth, or empty.</param>
    public IEnumerable<string> Find(string root) => Find(root, 0).Distinct();

    private IEnumerable<string> Find(string directory, int part)
    {
        if (part == _parts.Length) return Directory.Exists(directory) ? [directory] : [];
        string name = _parts[part];
        if (name == AnyDepth) return Find(directory, part + 1).Concat(Children(directory).SelectMany(child => Find(child, part)));
        if (!GlobPattern.IsPattern(name)) return Find(Path.Join(directory, name), part + 1);
        return Children(directory).Where(child => GlobPattern.IsMatch(Path.GetFileName(child.AsSpan()), name)).SelectMany(child => Find(child, part + 1));
    }

    // They may go while they are looked at.
    private static string[] Children(string directory)
    {
        try
        {
            return Directory.GetDirectories(directory, "*", Quietly);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}

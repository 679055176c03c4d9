using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Where cgroups of version 2 are mounted.</summary>
/// <param name="Root">The cgroup that is mounted there: <c>/</c>, in a container perhaps its own.</param>
/// <param name="Point">The directory.</param>
internal sealed record CgroupMount(string Root, string Point)
{
    private static readonly string[] Usual = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];

    /// <summary>The mount of all cgroups, at the usual place if it is there; null when there is none.</summary>
    [SupportedOSPlatform("linux")]
    public static CgroupMount? Find() => Choose(MountTable.ReadWithRoots());

    /// <summary>Chooses among mounts.</summary>
    internal static CgroupMount? Choose(IEnumerable<(string Root, string Point, string Type)> mounts)
    {
        CgroupMount? best = null;
        foreach ((string root, string point, string type) in mounts)
        {
            if (type != "cgroup2") continue;
            var mount = new CgroupMount(root, point);
            if (best is null || mount.Rank < best.Rank) best = mount;
        }

        return best;
    }

    private int Rank => (Root == "/" ? 0 : 10) + (Array.IndexOf(Usual, Point) is int at and >= 0 ? at : Usual.Length);

    /// <summary>The directory of a cgroup by its path; null when that is not below what is mounted.</summary>
    public string? ToDirectory(string path)
    {
        string below = path.TrimEnd('/');
        if (Root != "/")
        {
            if (below != Root && !below.StartsWith(Root + "/", StringComparison.Ordinal)) return null;
            below = below[Root.Length..];
        }

        return below.Length == 0 ? Point : $"{Point.TrimEnd('/')}/{below.TrimStart('/')}";
    }

    /// <summary>The path of a cgroup by its directory.</summary>
    public string ToPath(string directory)
    {
        // What the mount does not show, the kernel gives as it is in the file system.
        string below = directory == Point ? "" : directory.StartsWith(Point.TrimEnd('/') + "/", StringComparison.Ordinal) ? directory[Point.TrimEnd('/').Length..] : directory;
        string path = below == directory ? directory : (Root == "/" ? "" : Root) + below;
        return path.Length == 0 ? "/" : path;
    }
}

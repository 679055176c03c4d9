using System.Collections.Generic;

namespace Bpf.Loader.Testing;

/// <summary>The tree of cgroups, as far as a test tells it: the root has the id 1, and everything else is below it.</summary>
public sealed class MachineCgroups
{
    private readonly Dictionary<ulong, ulong> _parents = [];

    internal MachineCgroups()
    {
    }

    /// <summary>Says which cgroup another is in.</summary>
    public void Add(ulong id, ulong parent) => _parents[id] = parent;

    /// <summary>The ancestor of a cgroup at a level, of which the root has 0; 0 when it is not so deep.</summary>
    public ulong AncestorOf(ulong id, int level)
    {
        List<ulong> path = PathOf(id);
        return level >= 0 && level < path.Count ? path[level] : 0;
    }

    /// <summary>True when a cgroup is another or inside of it.</summary>
    public bool IsUnder(ulong id, ulong ancestor) => PathOf(id).Contains(ancestor);

    private List<ulong> PathOf(ulong id)
    {
        List<ulong> path = [];
        for (int depth = 0; id != 0 && depth < 256; depth++)
        {
            path.Insert(0, id);
            id = id == 1 ? 0 : _parents.GetValueOrDefault(id, 1ul);
        }

        return path;
    }
}

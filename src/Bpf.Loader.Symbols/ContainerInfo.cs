using System;
using Bpf.Loader.Symbols.Processes;

namespace Bpf.Loader.Symbols;

/// <summary>The container that a process is in.</summary>
/// <param name="Id">Its id: 64 hexadecimal digits, of LXC and systemd-nspawn its name; empty when only the pod is known.</param>
/// <param name="Runtime">What runs it.</param>
/// <param name="PodId">The uid of its Kubernetes pod; null when it is in none.</param>
public sealed record ContainerInfo(string Id, ContainerRuntime Runtime, string? PodId)
{
    /// <summary>Tells the container of a process by what the kernel says of it.</summary>
    /// <param name="cgroup">The text of <c>/proc/PID/cgroup</c>, of cgroups of version 1, 2 or both.</param>
    /// <param name="mountInfo">
    /// The text of <c>/proc/PID/mountinfo</c>: of a process that sees its cgroup as the root, as one does in a container that looks at itself, it
    /// is the only trace.
    /// </param>
    /// <returns>Null when it is in none.</returns>
    public static ContainerInfo? Parse(string cgroup, string mountInfo = "")
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        ArgumentNullException.ThrowIfNull(mountInfo);
        MountTraces traces = MountTraces.Read(mountInfo);
        foreach (string line in cgroup.Split('\n'))
        {
            // "0::/path", or "12:pids:/path"
            int first = line.IndexOf(':'), second = first < 0 ? -1 : line.IndexOf(':', first + 1);
            if (second < 0 || CgroupNames.Read(line[(second + 1)..]) is not ContainerInfo found) continue;
            return found.Runtime != ContainerRuntime.Unknown ? found : found with { Runtime = traces.Runtime, PodId = found.PodId ?? traces.PodId };
        }

        return traces.Id.Length > 0 || traces.PodId is not null ? new ContainerInfo(traces.Id, traces.Runtime, traces.PodId) : null;
    }
}

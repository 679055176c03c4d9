using System.Runtime.Versioning;

namespace Bpf.Loader.Links.Rules;

/// <summary>A cgroup of version 2.</summary>
/// <param name="Path">Its path, such as <c>/system.slice/nginx.service</c>, as <c>/proc/PID/cgroup</c> has it.</param>
/// <param name="Directory">Its directory, such as <c>/sys/fs/cgroup/system.slice/nginx.service</c>.</param>
/// <param name="Id">Its number, as <c>bpf_get_current_cgroup_id</c> gives it; one that is made again under a path has another.</param>
[SupportedOSPlatform("linux")]
public sealed record CgroupTarget(string Path, string Directory, ulong Id)
{
    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

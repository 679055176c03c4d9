using System;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to a cgroup, for its processes and those of the cgroups below.</summary>
    /// <param name="path">
    /// The cgroup, of version 2: its directory, such as <c>/sys/fs/cgroup/system.slice</c>, or its path as <c>/proc/PID/cgroup</c> has it,
    /// such as <c>/system.slice</c>.
    /// </param>
    /// <param name="options">How it shares the cgroup, and the hook; none is a link and the hook that the program was loaded for.</param>
    /// <exception cref="BpfAttachException">The path is no cgroup of version 2, its programs do not share, or the kernel refused.</exception>
    /// <remarks>Linux 4.10, by a link 5.7; CAP_BPF and CAP_NET_ADMIN, for security hooks (6.0) CAP_SYS_ADMIN.</remarks>
    public BpfLink AttachCgroup(string path, CgroupOptions? options = null) =>
        Watch(CgroupAttacher.Attach(ToAttach, path, options ?? new CgroupOptions()));

    /// <summary>Attaches to a cgroup, for its processes and those of the cgroups below.</summary>
    /// <param name="cgroup">The cgroup; it may be disposed afterwards.</param>
    /// <param name="options">How it shares the cgroup, and the hook; none is a link and the hook that the program was loaded for.</param>
    /// <inheritdoc cref="AttachCgroup(string, CgroupOptions?)"/>
    public BpfLink AttachCgroup(Cgroup cgroup, CgroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        return Watch(CgroupAttacher.Attach(ToAttach, cgroup.Descriptor.Duplicate(), cgroup.Directory, options ?? new CgroupOptions()));
    }
}

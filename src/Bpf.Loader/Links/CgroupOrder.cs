namespace Bpf.Loader.Links;

/// <summary>In which order an iterator goes over cgroups: <c>enum bpf_cgroup_iter_order</c>.</summary>
public enum CgroupOrder : uint
{
    /// <summary><c>BPF_CGROUP_ITER_ORDER_UNSPEC</c>: none is chosen; the iterator needs one of the others.</summary>
    Unspecified = 0,

    /// <summary><c>BPF_CGROUP_ITER_SELF_ONLY</c>: the one cgroup.</summary>
    SelfOnly = 1,

    /// <summary><c>BPF_CGROUP_ITER_DESCENDANTS_PRE</c>: it and those below, parents first.</summary>
    DescendantsParentsFirst = 2,

    /// <summary><c>BPF_CGROUP_ITER_DESCENDANTS_POST</c>: it and those below, children first.</summary>
    DescendantsChildrenFirst = 3,

    /// <summary><c>BPF_CGROUP_ITER_ANCESTORS_UP</c>: it and those above, up to the root.</summary>
    AncestorsUp = 4,
}

namespace Bpf.Loader.Links;

/// <summary>How a program shares a cgroup with others, and with those of the cgroups below.</summary>
public enum CgroupAttachMode
{
    /// <summary>By a link (5.7), beside others; on older kernels as <see cref="Multiple"/>.</summary>
    Link,

    /// <summary>Without a link, beside others, which all run (<c>BPF_F_ALLOW_MULTI</c>, 4.15).</summary>
    Multiple,

    /// <summary>Without a link, alone; cgroups below may have one of their own, which runs in its place (<c>BPF_F_ALLOW_OVERRIDE</c>, 4.10).</summary>
    Overridable,

    /// <summary>Without a link, alone, and cgroups below may have none (4.10).</summary>
    Exclusive,
}

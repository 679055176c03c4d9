namespace Bpf.Loader.Links;

/// <summary>What an iterator goes over; which of these mean something depends on the iterator.</summary>
public sealed record IteratorOptions
{
    /// <summary>The map whose elements, or whose sockets, are gone over (<c>bpf_map_elem</c>, <c>bpf_sk_storage_map</c>, <c>sockmap</c>).</summary>
    public BpfMap? Map { get; init; }

    /// <summary>The directory of the cgroup to begin at (<c>cgroup</c>, 6.1).</summary>
    public string? CgroupPath { get; init; }

    /// <summary>In which order the cgroups are gone over.</summary>
    public CgroupOrder CgroupOrder { get; init; }

    /// <summary>The one thread (<c>task</c>, <c>task_file</c>, <c>task_vma</c>; 6.1); 0 for all.</summary>
    public int ThreadId { get; init; }

    /// <summary>The process whose threads are gone over (<c>task</c>, <c>task_file</c>, <c>task_vma</c>; 6.1); 0 for all.</summary>
    public int ProcessId { get; init; }
}

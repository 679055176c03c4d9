namespace Bpf.Loader.Interop;

/// <summary>What every form of BPF_LINK_CREATE takes.</summary>
internal ref struct LinkCreateRequest
{
    /// <summary>The program, or the map for struct_ops.</summary>
    public FileDescriptorHandle Program;

    /// <summary>What it attaches to, when that is a descriptor: a perf event, cgroup, network namespace, map or program.</summary>
    public FileDescriptorHandle? Target;

    /// <summary>What it attaches to, when that is a network device.</summary>
    public uint TargetIfIndex;

    public BpfAttachType AttachType;

    public uint Flags;
}

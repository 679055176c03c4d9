namespace Bpf.Loader.Interop;

/// <summary>What BPF_PROG_ATTACH and BPF_PROG_DETACH take: attachment without a link.</summary>
internal ref struct ProgramAttachRequest
{
    /// <summary>The program; may be none for detaching.</summary>
    public FileDescriptorHandle? Program;

    /// <summary>What it attaches to, when that is a descriptor: a cgroup, map, network namespace or lirc device.</summary>
    public FileDescriptorHandle? Target;

    /// <summary>What it attaches to, when that is a network device.</summary>
    public uint TargetIfIndex;

    public BpfAttachType AttachType;

    /// <summary>BPF_F_ALLOW_OVERRIDE 1, BPF_F_ALLOW_MULTI 2, BPF_F_REPLACE 4, BPF_F_BEFORE 8, BPF_F_AFTER 16 ...</summary>
    public uint Flags;

    /// <summary>The program to replace, with BPF_F_REPLACE (5.6).</summary>
    public FileDescriptorHandle? Replaced;

    /// <summary>The program or link beside which to attach (6.6).</summary>
    public FileDescriptorHandle? Anchor;

    /// <summary>Its id when it has no descriptor here; sets BPF_F_ID.</summary>
    public uint AnchorId;

    /// <summary>Refuses with ESTALE unless the hook is at this revision; 0 is any.</summary>
    public ulong ExpectedRevision;
}

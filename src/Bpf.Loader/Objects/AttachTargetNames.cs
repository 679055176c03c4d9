using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>What the kernel's BTF calls the things that programs attach to by their load.</summary>
internal static class AttachTargetNames
{
    /// <summary>What stands before the name, and what kind of type bears it.</summary>
    public static (string Prefix, BtfKind Kind) Of(BpfAttachType type) => type switch
    {
        BpfAttachType.TraceRawTp => ("btf_trace_", BtfKind.Typedef),
        BpfAttachType.LsmMac or BpfAttachType.LsmCgroup => ("bpf_lsm_", BtfKind.Function),
        BpfAttachType.TraceIter => ("bpf_iter_", BtfKind.Function),
        _ => ("", BtfKind.Function),
    };
}

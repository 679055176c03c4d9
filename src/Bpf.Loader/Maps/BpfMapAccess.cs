namespace Bpf.Loader.Maps;

/// <summary>What a descriptor of a map may be used for (Linux 4.15).</summary>
public enum BpfMapAccess
{
    /// <summary>To read and to write.</summary>
    ReadWrite,

    /// <summary>To read: <c>BPF_F_RDONLY</c>.</summary>
    ReadOnly,

    /// <summary>To write: <c>BPF_F_WRONLY</c>.</summary>
    WriteOnly,
}

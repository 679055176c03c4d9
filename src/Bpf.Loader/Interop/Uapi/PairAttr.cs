using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The commands that take two small fields: BPF_LINK_DETACH, BPF_ENABLE_STATS and BPF_ITER_CREATE, BPF_TOKEN_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct PairAttr
{
    [FieldOffset(0)]
    public uint First;

    [FieldOffset(4)]
    public uint Second;
}

using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary><c>struct open_how</c> (include/uapi/linux/openat2.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    /// <summary>RESOLVE_IN_ROOT: the directory is the root, for absolute links and for <c>..</c> as well; links out of /proc are not followed.</summary>
    public const ulong InRoot = 0x10;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}

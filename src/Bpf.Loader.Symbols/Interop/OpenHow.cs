using System.Runtime.InteropServices;

namespace Bpf.Loader.Symbols.Interop;

/// <summary><c>struct open_how</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    /// <summary><c>RESOLVE_IN_ROOT</c>: no link, absolute or relative, and no <c>..</c> leads out of the directory.</summary>
    public const ulong InRoot = 0x10;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}

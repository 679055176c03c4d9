using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary><c>struct sock_fprog</c> of <c>include/uapi/linux/filter.h</c>, on 64-bit machines.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct FilterProgram
{
    /// <summary>The size of <c>struct sock_filter</c>.</summary>
    public const int InstructionSize = 8;

    /// <summary>The number of instructions.</summary>
    public ushort Length;

    /// <summary>Where they are.</summary>
    public ulong Instructions;
}

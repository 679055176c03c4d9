using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>A frame of a stack trace by build id: <c>struct bpf_stack_build_id</c> (Linux 4.17).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct BpfStackBuildId
{
    private readonly int _status;
    private readonly Bytes _buildId;
    private readonly ulong _offsetOrAddress;

    /// <summary>Whether the build id was found (<c>BPF_STACK_BUILD_ID_VALID</c>); else only the address is known.</summary>
    public bool IsValid => _status == 1;

    /// <summary>Whether there is no frame (<c>BPF_STACK_BUILD_ID_EMPTY</c>).</summary>
    public bool IsEmpty => _status == 0;

    /// <summary>The offset in the file, when the build id is valid.</summary>
    public ulong Offset => IsValid ? _offsetOrAddress : 0;

    /// <summary>The address, when the build id is not known.</summary>
    public ulong Address => IsValid ? 0 : _offsetOrAddress;

    /// <summary>The build id, 20 bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> BuildId => _buildId;

    [InlineArray(20)]
    private struct Bytes
    {
        private byte _first;
    }
}

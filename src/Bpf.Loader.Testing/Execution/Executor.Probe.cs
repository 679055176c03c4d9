using System;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    /// <summary>Reads whatever is at an address, as the kernel's reads that may fail do.</summary>
    /// <returns>False when there is no memory.</returns>
    public bool TryPeek(ulong address, Span<byte> target)
    {
        byte* p = _memory.TryRead(address, (uint)target.Length);
        if (p is null)
        {
            RegionInfo? info = _memory.Find(address, out long offset);
            p = info is { Kind: RegionKind.User } && IsInside(info, offset, (uint)target.Length) ? _memory.BaseOf(address) + offset : BytesAt(info, address, offset, (uint)target.Length);
            if (p is null) return false;
        }

        new ReadOnlySpan<byte>(p, target.Length).CopyTo(target);
        return true;
    }

    /// <summary>Memory of a process, to write.</summary>
    public bool TryUserSpan(ulong address, int size, out Span<byte> bytes)
    {
        bytes = default;
        if (_memory.Find(address, out long offset) is not { Kind: RegionKind.User } info || !IsInside(info, offset, (uint)size)) return false;
        bytes = info.Data.AsSpan((int)offset, size);
        return true;
    }
}

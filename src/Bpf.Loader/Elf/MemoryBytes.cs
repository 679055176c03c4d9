using System;

namespace Bpf.Loader.Elf;

/// <summary>Bytes that are in memory already.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> memory) : IBinaryBytes
{
    public long Length => memory.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= memory.Length) return 0;
        ReadOnlySpan<byte> rest = memory.Span[(int)offset..];
        if (rest.Length > buffer.Length) rest = rest[..buffer.Length];
        rest.CopyTo(buffer);
        return rest.Length;
    }
}

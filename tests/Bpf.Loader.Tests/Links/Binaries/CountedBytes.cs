using System;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Tests.Links.Binaries;

/// <summary>Bytes of which it is counted how many are read.</summary>
internal sealed class CountedBytes(byte[] bytes) : IBinaryBytes
{
    private readonly MemoryBytes _bytes = new(bytes);

    public long BytesRead { get; private set; }

    public long Length => _bytes.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        int count = _bytes.Read(offset, buffer);
        BytesRead += count;
        return count;
    }
}

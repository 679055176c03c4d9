using System;

namespace Bpf.Loader.Buffers;

/// <summary>Records as bytes, one behind the other.</summary>
internal sealed class ByteChunk : IRecordChunk
{
    private const int Capacity = 65536;

    private readonly int[] _ends = new int[1024];
    private byte[] _bytes = new byte[Capacity];

    /// <inheritdoc/>
    public int Count { get; private set; }

    private int Used => Count == 0 ? 0 : _ends[Count - 1];

    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return new ReadOnlyMemory<byte>(_bytes, start, _ends[index] - start);
        }
    }

    /// <inheritdoc/>
    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        int used = Used;
        if (Count == _ends.Length || record.Length > _bytes.Length - used)
        {
            if (Count != 0)
                return false;
            _bytes = new byte[record.Length];
        }

        record.CopyTo(_bytes.AsSpan(used));
        _ends[Count++] = used + record.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Clear() => Count = 0;
}

using System;

namespace Bpf.Loader.Buffers;

/// <summary>Some records on their way from a pump's thread to an asynchronous reader.</summary>
internal interface IRecordChunk
{
    /// <summary>How many records are in it.</summary>
    int Count { get; }

    /// <summary>Copies a record in; an empty chunk takes any.</summary>
    /// <returns><see langword="false"/> when the chunk is full.</returns>
    bool TryAdd(ReadOnlySpan<byte> record);

    /// <summary>Makes it empty.</summary>
    void Clear();
}

using System;

namespace Bpf.Loader.Testing.Maps;

/// <summary>A buffer of records that programs send: a ring or a perf buffer.</summary>
internal interface IRecordBuffer
{
    /// <summary>How many records there are.</summary>
    int Count { get; }

    /// <summary>How many found no room.</summary>
    long Lost { get; }

    /// <summary>A record, in the order in which they were sent.</summary>
    ReadOnlySpan<byte> RecordAt(int index);

    /// <summary>Takes the records out.</summary>
    void Consume();
}

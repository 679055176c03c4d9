using System;

namespace Bpf.Loader.Buffers;

/// <summary>Takes the records of a buffer one by one. As a <see langword="struct"/> it costs no indirect call for a record.</summary>
public interface IRecordVisitor
{
    /// <summary>Takes one record.</summary>
    /// <param name="record">The payload; valid until the method returns.</param>
    /// <returns><see langword="false"/> to stop after this record, which counts as consumed.</returns>
    bool Visit(ReadOnlySpan<byte> record);
}

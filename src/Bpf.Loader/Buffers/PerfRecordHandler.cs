using System;

namespace Bpf.Loader.Buffers;

/// <summary>Takes one record of a perf buffer.</summary>
/// <param name="cpu">The CPU on which the program ran.</param>
/// <param name="record">The record, as <see cref="PerfRecord.Data"/> has it; valid until the handler returns.</param>
// Not a PerfRecord: a structure of that size travels over the stack, which doubles the time that a record takes.
public delegate void PerfRecordHandler(int cpu, ReadOnlySpan<byte> record);

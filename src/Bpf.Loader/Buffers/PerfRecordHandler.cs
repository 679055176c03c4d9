namespace Bpf.Loader.Buffers;

/// <summary>Takes one record of a perf buffer.</summary>
/// <param name="record">The record; valid until the handler returns.</param>
public delegate void PerfRecordHandler(PerfRecord record);

using System;

namespace Bpf.Loader.Buffers;

/// <summary>Takes one record of a buffer.</summary>
/// <param name="record">The payload; valid until the handler returns.</param>
public delegate void RecordHandler(ReadOnlySpan<byte> record);

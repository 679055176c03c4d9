using System;

namespace Bpf.Loader.Testing;

/// <summary>A packet of a capture.</summary>
/// <param name="Time">When it was captured.</param>
/// <param name="Data">What was captured of it.</param>
/// <param name="OriginalLength">How long it was.</param>
public sealed record CapturedPacket(DateTimeOffset Time, ReadOnlyMemory<byte> Data, int OriginalLength);

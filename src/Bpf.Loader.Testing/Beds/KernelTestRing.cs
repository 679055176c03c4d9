using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Buffers;

namespace Bpf.Loader.Testing.Beds;

/// <summary>A ring or perf buffer in the kernel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelTestRing<T> : BpfTestRing<T>, IDisposable
    where T : unmanaged
{
    private readonly List<T> _records = [];
    private readonly RingBuffer? _ring;
    private readonly PerfBuffer? _perf;

    public KernelTestRing(BpfMap map)
    {
        if (map.Type == BpfMapType.PerfEventArray) _perf = map.OpenPerfBuffer();
        else _ring = map.OpenRingBuffer();
    }

    private protected override IReadOnlyList<T> Records
    {
        get
        {
            _ring?.Consume(Add);
            _perf?.Consume((_, record) => Add(record));
            return _records;
        }
    }

    public void Dispose()
    {
        _ring?.Dispose();
        _perf?.Dispose();
    }

    // Records of perf buffers are padded at their end.
    private void Add(ReadOnlySpan<byte> record) => _records.Add(record.Length >= Unsafe.SizeOf<T>()
        ? MemoryMarshal.Read<T>(record)
        : throw new InvalidOperationException($"A record has {record.Length} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}."));
}

using System;
using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>A ring that the test writes and programs drain (<c>bpf_user_ringbuf_drain</c>, Linux 6.1).</summary>
internal sealed class UserRingBufferMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition)
{
    private readonly Queue<byte[]> _records = [];

    public override int Count => _records.Count;

    public void Write(ReadOnlySpan<byte> record) => _records.Enqueue(record.ToArray());

    public bool TryTake(out byte[] record) => _records.TryDequeue(out record!);
}

using System;
using System.Collections.Generic;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Maps;

/// <summary>A ring buffer: records between reservation and submission are regions of their own.</summary>
internal sealed class RingBufferMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition), IRecordBuffer
{
    // BPF_RINGBUF_HDR_SZ; records are aligned to as much.
    private const int HeaderSize = 8;

    private readonly List<byte[]> _records = [];
    private readonly Dictionary<uint, int> _reserved = [];
    private readonly List<Pending> _pending = [];
    private ulong _producer, _consumer;

    public override int Count => _records.Count;

    /// <summary>A record that was submitted and not consumed, in their order.</summary>
    public ReadOnlySpan<byte> RecordAt(int index) => _records[index];

    /// <summary>How many reservations found no room.</summary>
    public long Lost { get; private set; }

    /// <summary>The bytes that are in use.</summary>
    public ulong Used => _producer - _consumer;

    /// <summary>The position of the producer, as <c>bpf_ringbuf_query</c> tells it.</summary>
    public ulong Producer => _producer;

    /// <summary>The position of the consumer.</summary>
    public ulong Consumer => _consumer;

    /// <summary>Makes room for a record.</summary>
    /// <returns>Its address; 0 when there is no room.</returns>
    public ulong Reserve(ulong size)
    {
        ulong length = (size + HeaderSize + 7) & ~7UL;
        if (size > int.MaxValue / 4 || length > MaxEntries || Used + length > MaxEntries - 1)
        {
            Lost++;
            return 0;
        }

        _producer += length;
        Machine.ReservedRecords++;
        uint region = Memory.Add(RegionKind.Record, MachineMemory.Allocate((int)size), 0, (int)size, isWritable: true, this);
        _reserved[region] = _pending.Count;
        _pending.Add(new Pending { Length = length });
        return Memory.AddressOf(region);
    }

    /// <summary>Submits or discards a record.</summary>
    /// <returns>False when the address is that of no record of this machine that is still reserved.</returns>
    public static bool TryCommit(MachineMemory memory, ulong address, bool isDiscarded)
    {
        if (memory.Find(address, out long offset) is not { Kind: RegionKind.Record, Owner: RingBufferMap map } info || offset != 0) return false;
        uint region = MachineMemory.IndexOf(address);
        if (!map._reserved.Remove(region, out int index)) return false;
        map.Machine.ReservedRecords--;
        map.Commit(index, isDiscarded ? null : info.Data);
        memory.Free(region);
        return true;
    }

    /// <summary>Writes a record at once.</summary>
    public long Output(ReadOnlySpan<byte> data)
    {
        ulong address = Reserve((ulong)data.Length);
        if (address == 0) return Error.TryAgain;
        data.CopyTo(Memory.Find(address, out _)!.Data);
        TryCommit(Memory, address, isDiscarded: false);
        return 0;
    }

    /// <summary>Takes what was submitted out of the ring.</summary>
    public void Consume()
    {
        _records.Clear();
        if (_pending.Count == 0) _consumer = _producer;
    }

    /// <summary>Gives up what a run that faulted has left.</summary>
    public void Abandon()
    {
        foreach (uint region in _reserved.Keys) Memory.Free(region);
        _reserved.Clear();
        _pending.Clear();
    }

    // A record is seen by the consumer only when all before it are committed.
    private void Commit(int index, byte[]? data)
    {
        Pending pending = _pending[index];
        pending.IsDone = true;
        pending.Data = data;
        foreach (Pending each in _pending)
        {
            if (!each.IsDone) return;
        }

        foreach (Pending each in _pending)
        {
            if (each.Data is not null) _records.Add(each.Data);
        }

        _pending.Clear();
    }

    private sealed class Pending
    {
        public ulong Length { get; init; }

        public bool IsDone { get; set; }

        public byte[]? Data { get; set; }
    }
}

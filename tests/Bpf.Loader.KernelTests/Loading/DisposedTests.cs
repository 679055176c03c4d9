using System;
using Bpf.Loader.Buffers;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>What was disposed of is called by its name when it is used all the same.</summary>
public sealed class DisposedTests : KernelTest
{
    [Fact]
    public void A_map_is_called_by_its_name()
    {
        BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "counters", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        BpfMap<uint, uint> view = map.As<uint, uint>();
        map.Dispose();
        AssertNamed("map 'counters'", () => map.GetInfo());
        AssertNamed("map 'counters'", () => view[1] = 2);
        AssertNamed("map 'counters'", () => view.TryGet(1, out _));
        AssertNamed("map 'counters'", map.Freeze);
    }

    [Fact]
    public void A_program_and_a_map_of_an_object_are_called_by_their_names()
    {
        BpfObject bpf = TestObjects.Load("execsnoop");
        BpfProgram program = bpf.Programs["handle_exec"];
        BpfMap map = bpf.Maps["events"];
        bpf.Dispose();
        AssertNamed("program 'handle_exec'", () => program.GetInfo());
        AssertNamed("program 'handle_exec'", () => program.Attach().Dispose());
        AssertNamed("map 'events'", () => map.OpenRingBuffer().Dispose());
        Assert.Contains("with their BpfObject", Assert.Throws<ObjectDisposedException>(() => map.GetInfo()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_called_by_its_target()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task");
        BpfIteratorLink link = bpf.Programs["dump_task"].AttachIterator();
        link.Dispose();
        AssertNamed("link to iterator task", () => link.GetInfo());
        AssertNamed("link to iterator task", () => link.Id.ToString());
    }

    [Fact]
    public void A_buffer_and_a_mapping_are_called_by_the_names_of_their_maps()
    {
        using BpfMap events = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, Name = "events", MaxEntries = (uint)Environment.SystemPageSize });
        RingBuffer ring = events.OpenRingBuffer();
        ring.Dispose();
        AssertNamed("ring buffer 'events'", () => ring.Consume(static _ => { }));
        AssertNamed("ring buffer 'events'", () => ring.Wait(TimeSpan.Zero));

        using BpfMap samples = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.PerfEventArray, Name = "samples", KeySize = 4, ValueSize = 4 });
        PerfBuffer perf = samples.OpenPerfBuffer();
        perf.Dispose();
        AssertNamed("perf buffer 'samples'", () => perf.Wait(TimeSpan.Zero));

        using BpfMap array = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "totals", KeySize = 4, ValueSize = 8, MaxEntries = 4, Flags = BpfMapFlags.Mmapable });
        MappedArray<ulong> mapped = array.MapValues<ulong>();
        mapped.Dispose();
        AssertNamed("mapping of map 'totals'", () => mapped[0] = 1);
    }

    private static void AssertNamed(string name, Action use)
    {
        ObjectDisposedException refusal = Assert.Throws<ObjectDisposedException>(use);
        Assert.Equal(name, refusal.ObjectName);
        Assert.Contains($"The {name} is disposed", refusal.Message, StringComparison.Ordinal);
    }
}

using System;
using Bpf.Loader.Btf;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>A structure of C# that contradicts the C type is refused where it is used first.</summary>
public sealed class LayoutTests : KernelTest
{
    [Fact]
    public void A_view_of_a_map_with_types_names_the_fields_that_lie_elsewhere()
    {
        var types = new BtfBuilder();
        BtfTypeId word = types.AddInt("unsigned int", 4);
        BtfTypeId stat = types.AddStruct("stat", 8);
        types.AddMember("calls", word, 0);
        types.AddMember("errors", word, 32);
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "stats", KeySize = 4, ValueSize = 8, MaxEntries = 1, Btf = types.ToReader(), KeyType = word, ValueType = stat });
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => map.As<uint, Swapped>());
        Assert.StartsWith("BPF4052: The values of map 'stats' are not laid out as Swapped is. The C# field 'Swapped.Errors' (offset 0, 4 bytes) is the C field 'errors' (offset 4, 4 bytes).", refusal.Message, StringComparison.Ordinal);

        BpfMap<uint, Stat> view = map.As<uint, Stat>();
        view[1] = new Stat(2, 3);
        Assert.Equal(new Stat(2, 3), map.As<uint, Stat>()[1]);
    }

    [Fact]
    public void A_reader_of_records_is_told_what_the_object_says_of_them()
    {
        using BpfObject bpf = TestObjects.Load("execsnoop");
        BpfMap events = bpf.Maps["events"];
        BtfTypeId record = BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o")).FindRecordType("events");
        Assert.False(record.IsVoid);
        Assert.Contains("BPF4052", Assert.Throws<ArgumentException>(() => events.AsRingBuffer<Record>()).Message, StringComparison.Ordinal);
        using var ring = events.OpenRingBuffer();
        Assert.Throws<ArgumentException>(() => ring.ReadAllAsync<Record>());
    }

    private readonly record struct Stat(uint Calls, uint Errors);

    private readonly record struct Swapped(uint Errors, uint Calls);

    // The process's id is not there.
    private readonly record struct Record(ulong First, uint Second, uint Pid);
}

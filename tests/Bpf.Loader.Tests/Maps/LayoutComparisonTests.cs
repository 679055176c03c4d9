using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.Tests.Maps;

public sealed class LayoutComparisonTests
{
    private readonly BtfBuilder _types = new();
    private readonly BtfTypeId _word;
    private readonly BtfTypeId _type;

    public LayoutComparisonTests()
    {
        // struct { u32 pid; u32 parent_pid; u64 start_ns; union { u32 id; u16 port; }; u32 ready : 1, kind : 7; }
        _word = _types.AddInt("unsigned int", 4);
        BtfTypeId half = _types.AddInt("unsigned short", 2), wide = _types.AddInt("unsigned long", 8);
        BtfTypeId choice = _types.AddUnion("", 4);
        _types.AddMember("id", _word, 0);
        _types.AddMember("port", half, 0);
        _type = _types.AddStruct("event", 24);
        _types.AddMember("pid", _word, 0);
        _types.AddMember("parent_pid", _word, 32);
        _types.AddMember("start_ns", wide, 64);
        _types.AddMember("", choice, 128);
        _types.AddMember("ready", _word, 160, 1);
        _types.AddMember("kind", _word, 161, 7);
    }

    [Fact]
    public void The_same_in_other_words_is_the_same()
    {
        Assert.Empty(Compare(BpfStructLayout.Of<Good>(fields => fields
            .Add(ref fields.Value.Pid).Add(ref fields.Value.ParentPid).Add(ref fields.Value.StartNs).Add(ref fields.Value.Port).Add(ref fields.Value.Bits))));
        BpfStructLayout layout = BpfStructLayout.Of<Good>(fields => fields.Add(ref fields.Value.StartNs));
        Assert.Equal([new BpfStructField("StartNs", 8, 8)], layout.Fields);
        Assert.Equal(("Good", 24), (layout.Name, layout.Size));
    }

    [Fact]
    public void A_field_of_another_name_is_fine_where_it_is_nobody_elses()
    {
        Assert.Empty(Compare(BpfStructLayout.Of<Good>(fields => fields
            .Add(ref fields.Value.Pid, "Process").Add(ref fields.Value.ParentPid).Add(ref fields.Value.StartNs).Add(ref fields.Value.Port).Add(ref fields.Value.Bits))));
    }

    [Fact]
    public void Fields_that_changed_places_are_named()
    {
        string difference = string.Join('\n', Compare(BpfStructLayout.Of<Good>(fields => fields
            .Add(ref fields.Value.Pid, "ParentPid").Add(ref fields.Value.ParentPid, "Pid").Add(ref fields.Value.StartNs).Add(ref fields.Value.Port).Add(ref fields.Value.Bits))));
        Assert.Equal(
            """
            the C# field 'Good.ParentPid' (offset 0, 4 bytes) is the C field 'parent_pid' (offset 4, 4 bytes)
            the C# field 'Good.Pid' (offset 4, 4 bytes) is the C field 'pid' (offset 0, 4 bytes)
            """,
            difference);
    }

    [Fact]
    public void Wrong_sizes_places_and_gaps_are_named()
    {
        string difference = string.Join('\n', Compare(BpfStructLayout.Of<Bad>(fields => fields
            .Add(ref fields.Value.Pid).Add(ref fields.Value.Other).Add(ref fields.Value.StartNs))));
        Assert.Equal(
            """
            the C type has 24 bytes, Bad has 32
            the C# field 'Bad.Pid' (offset 0, 8 bytes) is the C field 'pid' (offset 0, 4 bytes)
            the C# field 'Bad.Other' (offset 8, 4 bytes) is where C has 'start_ns' (offset 8, 8 bytes)
            the C# field 'Bad.StartNs' (offset 24, 8 bytes) is the C field 'start_ns' (offset 8, 8 bytes)
            the C field 'ready' (offset 20, 1 byte) is no field of Bad
            the C field 'kind' (offset 20, 1 byte) is no field of Bad
            """,
            difference);
    }

    [Fact]
    public void Numbers_have_sizes_only()
    {
        Assert.Empty(LayoutComparison.Differences(_types.ToReader(), _word, BpfStructLayout.Of<int>(_ => { })));
        Assert.Equal(["the C type has 4 bytes, Int64 has 8"], LayoutComparison.Differences(_types.ToReader(), _word, BpfStructLayout.Of<long>(_ => { })));
    }

    [Fact]
    public void What_is_no_field_is_refused()
    {
        Assert.Throws<ArgumentException>(() => BpfStructLayout.Of<Good>(fields =>
        {
            long[] elsewhere = [1];
            fields.Add(ref elsewhere[0]);
        }));
    }

    private IReadOnlyList<string> Compare(BpfStructLayout layout) => LayoutComparison.Differences(_types.ToReader(), _type, layout);

    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private struct Good
    {
        [FieldOffset(0)]
        public uint Pid;

        [FieldOffset(4)]
        public uint ParentPid;

        [FieldOffset(8)]
        public ulong StartNs;

        [FieldOffset(16)]
        public ushort Port;

        [FieldOffset(20)]
        public byte Bits;
    }

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct Bad
    {
        [FieldOffset(0)]
        public ulong Pid;

        [FieldOffset(8)]
        public uint Other;

        [FieldOffset(24)]
        public ulong StartNs;
    }
}

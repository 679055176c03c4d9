using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.Tests.Maps;

/// <summary>A structure of C# that contradicts the C type is told by field; one that only says it otherwise is not.</summary>
public sealed class LayoutCheckTests
{
    private readonly BtfBuilder _types = new();
    private readonly BtfTypeId _stat, _byte;

    // struct stat { u64 start_ns; u32 pid; u32 uid; char comm[16]; };
    public LayoutCheckTests()
    {
        BtfTypeId wide = _types.AddInt("u64", 8), word = _types.AddInt("u32", 4);
        _byte = _types.AddInt("char", 1, BtfIntEncoding.Signed);
        BtfTypeId text = _types.AddArray(_byte, word, 16);
        _stat = _types.AddStruct("stat", 32);
        _types.AddMember("start_ns", wide, 0);
        _types.AddMember("pid", word, 64);
        _types.AddMember("uid", word, 96);
        _types.AddMember("comm", text, 128);
    }

    [Fact]
    public void Fields_are_measured()
    {
        Assert.Equal([new("StartNs", 0, 8), new("Pid", 8, 4), new("Uid", 12, 4), new("Comm", 16, 16)], MeasuredStruct<Good>.Fields);
        Assert.Equal([new("Flag", 0, 1), new("Letter", 2, 2), new("Ratio", 8, 8), new("Inner", 16, 32)], MeasuredStruct<Odd>.Fields);
        Assert.Equal([new("Late", 300, 4)], MeasuredStruct<Far>.Fields);
        Assert.Equal([new("Id", 0, 4), new("Parent", 4, 4)], MeasuredStruct<Pair>.Fields);
        Assert.Empty(MeasuredStruct<long>.Fields);
        Assert.Empty(MeasuredStruct<DayOfWeek>.Fields);
    }

    [Fact]
    public void What_fits_is_taken()
    {
        Check<Good>();
        Check<Renamed>();
        Check<Halves>();
        Check<FirstByte>();
    }

    [Fact]
    public void Fields_that_changed_places_are_named()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(Check<Swapped>);
        Assert.StartsWith("BPF4052: The values of map 'stats' are not laid out as Swapped is. The C# field 'Swapped.Uid' (offset 8, 4 bytes) is the C field 'uid' (offset 12, 4 bytes).", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the C# field 'Swapped.Pid' (offset 12, 4 bytes) is the C field 'pid' (offset 8, 4 bytes)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("in the order and with the sizes of C", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("docs/diagnostics.md#bpf4052", refusal.HelpLink);
    }

    [Fact]
    public void Another_size_is_said_with_the_field_that_makes_it()
    {
        string said = Assert.Throws<ArgumentException>(Check<Wide>).Message;
        Assert.Contains("map 'stats' has values of 32 bytes; Wide has 40. The C# field 'Wide.Pid' (offset 8, 8 bytes) is the C field 'pid' (offset 8, 4 bytes).", said, StringComparison.Ordinal);
        Assert.Contains("map 'stats' has values of 32 bytes; Int32 has 4.", Assert.Throws<ArgumentException>(Check<int>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_across_two_is_told_whatever_its_name()
        => Assert.Contains("'Across.Second' (offset 4, 8 bytes) is across the C field 'start_ns' (offset 0, 8 bytes)", Assert.Throws<ArgumentException>(Check<Across>).Message, StringComparison.Ordinal);

    [Fact]
    public void A_record_may_be_longer_than_what_is_read_of_it()
    {
        LayoutCheck.Require<Beginning>("map 'events'", "records", 32, _types.ToReader(), _stat, mayBeLonger: true);
        Assert.Throws<ArgumentException>(() => LayoutCheck.Require<Wide>("map 'events'", "records", 32, _types.ToReader(), _stat, mayBeLonger: true));
    }

    [Fact]
    public void Without_types_the_size_alone_is_compared()
    {
        LayoutCheck.Require<Swapped>("map 'stats'", "values", 32, null, default);
        LayoutCheck.Require<sbyte>("map 'bytes'", "values", 1, _types.ToReader(), _byte);
    }

    private void Check<T>()
        where T : unmanaged => LayoutCheck.Require<T>("map 'stats'", "values", 32, _types.ToReader(), _stat);

    [InlineArray(16)]
    private struct Text
    {
        public byte First;
    }

#pragma warning disable CS0649, CS0169, IDE0051 // The fields are there for their places.
    private struct Good
    {
        public ulong StartNs;
        public uint Pid, Uid;
        public Text Comm;
    }

    private struct Odd
    {
        public bool Flag;
        public char Letter;
        public double Ratio;
        public Good Inner;
    }

    [StructLayout(LayoutKind.Explicit, Size = 304)]
    private struct Far
    {
        [FieldOffset(300)] public int Late;
    }

    private readonly record struct Pair(int Id, int Parent);

    private struct Renamed
    {
        public ulong Begin;
        public int Process, User;
        public Text Name;
    }

    private struct Halves
    {
        public uint Low, High, Pid, Uid;
        public ulong Comm0, Comm1;
    }

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct FirstByte
    {
        [FieldOffset(16)] public byte Comm;
    }

    private struct Swapped
    {
        public ulong StartNs;
        public uint Uid, Pid;
        public Text Comm;
    }

    private struct Wide
    {
        public ulong StartNs, Pid;
        public uint Uid;
        public Text Comm;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4, Size = 32)]
    private struct Across
    {
        public uint First;
        public ulong Second;
    }

    private struct Beginning
    {
        public ulong StartNs;
        public uint Pid;
        private uint _uid;
    }
#pragma warning restore CS0649, CS0169, IDE0051
}

using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Btf;

/// <summary>Types that are given to the kernel for themselves.</summary>
public sealed class BtfLoadTests : KernelTest
{
    [Fact]
    public void Types_are_in_the_kernel_until_they_are_let_go()
    {
        uint id;
        using (BpfLoadedBtf loaded = BpfBtf.Load(Point().ToReader()))
        {
            id = loaded.Info.Id;
            Assert.False(loaded.Info.IsKernel);
            Assert.Contains(BpfBtf.List(), info => info.Id == id);
            Assert.True(BpfBtf.Open(id).TryFind("point", BtfKind.Struct, out _));
        }

        Assert.DoesNotContain(BpfBtf.List(), info => info.Id == id);
    }

    [Fact]
    public void Types_in_another_order_are_taken()
    {
        BtfBuilder builder = Point();
        builder.Permute([.. Enumerable.Range(1, builder.TypeCount - 1).Reverse().Select(static id => new BtfTypeId(id))]);
        using BpfLoadedBtf loaded = BpfBtf.Load(builder.ToReader());
        BtfReader again = BpfBtf.Open(loaded.Info.Id);
        Assert.True(again.TryFind("point", BtfKind.Struct, out BtfTypeId point));
        Assert.Equal(["int", "int"], again[point].Members.Select(member => again[member.TypeId].Name));
    }

    [Fact]
    public void Types_that_the_kernel_refuses_are_explained_in_its_words()
    {
        BtfBuilder builder = Point();
        builder.AddStruct("not a name", 4);
        BpfException refusal = Assert.Throws<BpfException>(() => BpfBtf.Load(builder.ToReader()));
        Assert.Equal((BpfCommand.BtfLoad, Errno.EINVAL), (refusal.Command, refusal.Errno));
        Assert.Contains("not a name", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid name", refusal.Message, StringComparison.Ordinal);

        var split = BtfBuilder.SplitOn(Point().ToReader());
        split.AddInt("more", 4);
        Assert.Throws<ArgumentException>(() => BpfBtf.Load(split.ToReader()));
    }

    [Fact]
    public void The_kernel_reads_the_table_of_how_long_records_are()
    {
        BtfBuilder builder = Point();
        builder.AddLayout();
        BtfReader types = builder.ToReader();
        try
        {
            using BpfLoadedBtf loaded = BpfBtf.Load(types);
            Assert.True(types.Raw.Span.SequenceEqual(BpfBtf.Open(loaded.Info.Id).Raw.Span));
        }
        catch (BpfException refusal) when (!Requires.Has("btf_parse_layout_sec") && KernelVersion.Current.CompareTo(new KernelVersion(7, 3, 0)) < 0)
        {
            Assert.Skip($"this kernel knows no such table: {refusal.Message}");
        }
    }

    private static BtfBuilder Point()
    {
        var builder = new BtfBuilder();
        BtfTypeId number = builder.AddInt("int", 4, BtfIntEncoding.Signed);
        builder.AddStruct("point", 8);
        builder.AddMember("x", number, 0);
        builder.AddMember("y", number, 32);
        return builder;
    }
}

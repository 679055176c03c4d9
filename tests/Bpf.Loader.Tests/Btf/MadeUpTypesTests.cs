using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

/// <summary>Types that no compiler writes, made so that comparing them one by one would take hours.</summary>
public class MadeUpTypesTests
{
    private const int Many = 5_000;

    private static (BtfBuilder Types, BtfTypeId Int) Begin()
    {
        var types = new BtfBuilder();
        return (types, types.AddInt("int", 4, BtfIntEncoding.Signed));
    }

    private static int CountAfter(BtfBuilder types) => BtfDeduplication.Run(types.ToReader()).Types.TypeCount;

    [Fact]
    public void Typedefs_of_one_name_are_told_apart_by_what_they_stand_for()
    {
        (BtfBuilder types, BtfTypeId last) = Begin();
        for (int copy = 0; copy < 2; copy++)
        {
            BtfTypeId deep = last;
            for (int i = 0; i < Many; i++) deep = types.AddTypedef("deep", deep);
        }

        // void, int, and one chain of the two.
        Assert.Equal(2 + Many, CountAfter(types));
    }

    [Fact]
    public void Typedefs_that_come_before_what_they_stand_for_are_told_apart()
    {
        (BtfBuilder types, BtfTypeId last) = Begin();
        int first = types.TypeCount;
        for (int i = 0; i < Many; i++) types.AddTypedef("deep", i == Many - 1 ? last : new BtfTypeId(first + i + 1));
        Assert.Equal(2 + Many, CountAfter(types));
    }

    [Theory, InlineData("nested"), InlineData("")]
    public void Structs_of_one_shape_are_told_apart_by_what_they_hold(string name)
    {
        (BtfBuilder types, BtfTypeId inner) = Begin();
        for (int i = 0; i < 2_000; i++)
        {
            inner = types.AddStruct(name, 4);
            types.AddMember("member", new BtfTypeId(inner.Value - 1), 0);
        }

        Assert.Equal(2 + 2_000, CountAfter(types));
    }

    [Fact]
    public void Structs_of_one_shape_behind_pointers_and_arrays_are_told_apart()
    {
        (BtfBuilder types, BtfTypeId inner) = Begin();
        BtfTypeId index = inner;
        for (int i = 0; i < 2_000; i++)
        {
            BtfTypeId pointer = types.AddPointer(types.AddArray(types.AddConst(inner), index, 3));
            inner = types.AddUnion("shape", 8);
            types.AddMember("one", pointer, 0);
            types.AddMember("other", pointer, 0);
        }

        Assert.Equal(2 + (4 * 2_000), CountAfter(types));
    }

    [Fact]
    public void Chains_that_end_in_a_declaration_still_take_it_for_the_definition()
    {
        (BtfBuilder types, BtfTypeId number) = Begin();
        BtfTypeId declared = types.AddForward("s", isUnion: false), defined = types.AddStruct("s", 4);
        types.AddMember("x", number, 0);
        foreach (BtfTypeId end in new[] { declared, defined })
        {
            BtfTypeId deep = end;
            for (int i = 0; i < Many; i++) deep = types.AddTypedef("deep", deep);
        }

        Assert.Equal(3 + Many, CountAfter(types));
    }

    [Fact]
    public void Long_declarators_are_written_as_C_without_copying_them_over_and_over()
    {
        const int Stars = 240, Typedefs = 1_000;
        (BtfBuilder types, BtfTypeId chain) = Begin();
        for (int i = 0; i < Stars; i++) chain = i % 3 == 2 ? types.AddArray(chain, new BtfTypeId(1), 7) : types.AddPointer(chain);
        for (int i = 0; i < Typedefs; i++) types.AddTypedef($"name{i}", chain);
        var printer = new BtfCPrinter(types.ToReader());
        var text = new StringWriter();
        long before = GC.GetAllocatedBytesForCurrentThread();
        printer.WriteAll(text);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        string typedef = $"typedef int {string.Concat(Enumerable.Repeat("(**", Stars / 3))}name7{string.Concat(Enumerable.Repeat(")[7]", Stars / 3))};";
        Assert.Contains(typedef.Replace("(**", "**(", StringComparison.Ordinal)[..40], text.ToString(), StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 12L * text.ToString().Length);
    }

    [Fact]
    public void Names_that_are_the_tails_of_one_long_name_are_refused_as_C_and_by_the_deduplication()
    {
        const int Length = 50_000;
        (BtfBuilder types, BtfTypeId number) = Begin();
        uint name = types.AddString(new string('x', Length));
        for (int i = 0; i < Length; i++) types.SetName(types.AddTypedef("t", number), name + (uint)i);
        BtfReader btf = types.ToReader();
        Assert.Equal(BpfDiagnosticId.BtfExcessive, Assert.Throws<BpfFormatException>(() => new BtfCPrinter(btf).WriteAll(TextWriter.Null)).Id);
        Assert.Equal(BpfDiagnosticId.BtfExcessive, Assert.Throws<BpfFormatException>(() => BtfDeduplication.Run(btf)).Id);
    }

    [Fact]
    public void What_would_take_too_long_is_refused()
    {
        // All of them reach the last, which holds itself: nothing but a walk to the end tells two of them apart.
        const int Length = 1_500;
        var types = new BtfBuilder();
        for (int i = 0; i < Length; i++)
        {
            BtfTypeId pointer = types.AddPointer(new BtfTypeId(2 * Math.Min(i + 2, Length)));
            types.AddStruct(i == Length - 1 ? "end" : "chain", 8);
            types.AddMember("next", pointer, 0);
        }

        BpfFormatException refused = Assert.Throws<BpfFormatException>(() => CountAfter(types));
        Assert.Equal(BpfDiagnosticId.BtfExcessive, refused.Id);
    }

    // As types of Go do, and as libbpf takes them since 1.7.
    [Theory, InlineData(10), InlineData(Many)]
    public void Typedefs_that_stand_for_themselves_are_kept_once(int length)
    {
        (BtfBuilder types, _) = Begin();
        for (int copy = 0; copy < 2; copy++) AddRing(types, length);
        Assert.Equal(2 + length, CountAfter(types));
    }

    [Fact]
    public void Typedefs_of_one_name_that_stand_for_nothing_but_each_other_are_one()
    {
        (BtfBuilder types, BtfTypeId first) = Begin();
        for (int i = 1; i <= 10; i++) types.AddTypedef("deep", new BtfTypeId(first.Value + 1 + (i % 10)));
        Assert.Equal(2 + 1, CountAfter(types));
    }

    [Fact]
    public void Chains_that_lead_into_loops_of_typedefs_are_told_apart()
    {
        (BtfBuilder types, BtfTypeId index) = Begin();
        for (int copy = 0; copy < 2; copy++)
        {
            BtfTypeId deep = AddRing(types, 3);
            for (int i = 0; i < Many; i++) deep = i % 100 == 99 ? types.AddArray(deep, index, 1) : types.AddTypedef("deep", deep);
        }

        Assert.Equal(2 + 3 + Many, CountAfter(types));
    }

    [Fact]
    public void Pointers_that_point_to_themselves_are_refused()
    {
        (BtfBuilder types, BtfTypeId last) = Begin();
        for (int i = 0; i < Many; i++) last = types.AddTypedef("deep", last);
        int first = types.TypeCount;
        for (int i = 0; i < Many; i++) types.AddPointer(new BtfTypeId(first + ((i + 1) % Many)));
        Assert.Equal(BpfDiagnosticId.BadBtfReference, Assert.Throws<BpfFormatException>(() => CountAfter(types)).Id);
    }

    private static BtfTypeId AddRing(BtfBuilder types, int length)
    {
        int first = types.TypeCount;
        for (int i = 0; i < length; i++) types.AddTypedef($"ring{i}", new BtfTypeId(first + ((i + 1) % length)));
        return new BtfTypeId(first);
    }
}

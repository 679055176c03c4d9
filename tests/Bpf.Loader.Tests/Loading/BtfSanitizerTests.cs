using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Loading;
using Bpf.Loader.Tests.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Loading;

public class BtfSanitizerTests
{
    private static readonly BtfFeatures[] Single = [.. Enum.GetValues<BtfFeatures>().Where(f => f is not (BtfFeatures.None or BtfFeatures.All))];

    public static TheoryData<string> Objects() => TestData.GoodObjects();

    /// <summary>The kinds that a kernel without some features must not be shown.</summary>
    private static IEnumerable<BtfKind> Forbidden(BtfFeatures supported)
    {
        bool Lacks(BtfFeatures feature) => !supported.HasFlag(feature);
        if (Lacks(BtfFeatures.Functions)) foreach (BtfKind kind in (BtfKind[])[BtfKind.Function, BtfKind.FunctionPrototype]) yield return kind;
        if (Lacks(BtfFeatures.DataSections)) foreach (BtfKind kind in (BtfKind[])[BtfKind.Variable, BtfKind.DataSection]) yield return kind;
        if (Lacks(BtfFeatures.Floats)) yield return BtfKind.Float;
        if (Lacks(BtfFeatures.DeclarationTags)) yield return BtfKind.DeclarationTag;
        if (Lacks(BtfFeatures.TypeTags)) yield return BtfKind.TypeTag;
        if (Lacks(BtfFeatures.Enum64)) yield return BtfKind.Enum64;
    }

    private static void Check(BtfReader before, BtfFeatures supported)
    {
        BtfReader after = BtfReader.Read(BtfSanitizer.Sanitize(before, supported), before.Base);
        Assert.InRange(after.TypeCount, before.TypeCount, before.TypeCount + 1);
        BtfKind[] forbidden = [.. Forbidden(supported)];
        for (int i = before.FirstId; i < before.TypeCount; i++)
        {
            BtfType old = before[new BtfTypeId(i)], now = after[new BtfTypeId(i)];
            Assert.DoesNotContain(now.Kind, forbidden);
            Assert.Equal(old.RecordSize, now.RecordSize);
            if (old.Kind == now.Kind && !forbidden.Contains(old.Kind) && old.Kind is not (BtfKind.Enum or BtfKind.Function or BtfKind.DataSection))
                Assert.Equal(BtfSamples.Describe(old), BtfSamples.Describe(now));

            // Sizes are what the layout of everything else hangs on; tags, variables and functions have none that counts.
            if (old.Kind is not (BtfKind.DeclarationTag or BtfKind.Variable or BtfKind.Function or BtfKind.FunctionPrototype) && !Refers(old, before)
                && before.TryGetSize(old.Id, out uint size))
                Assert.Equal(size, after.SizeOf(now.Id));
            if (now.Kind == BtfKind.Function && !supported.HasFlag(BtfFeatures.GlobalFunctions)) Assert.Equal(BtfLinkage.Static, now.Linkage);
            if (now.Kind == BtfKind.Enum && !supported.HasFlag(BtfFeatures.Enum64)) Assert.False(now.KindFlag);
            if (now.Kind == BtfKind.DataSection && !supported.HasFlag(BtfFeatures.QuestionMarkNames)) Assert.False(now.Name.StartsWith('?'));
        }
    }

    /// <summary>True for what takes its size from a variable, which shrinks to a byte.</summary>
    private static bool Refers(BtfType type, BtfReader btf) => type.Kind is BtfKind.DeclarationTag or BtfKind.Variable
        || (type.Kind is BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.TypeTag && btf[type.TypeId].Kind == BtfKind.Variable);

    [Theory, MemberData(nameof(Objects))]
    public void No_object_keeps_what_a_kernel_lacks(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        Check(btf, BtfFeatures.None);
        foreach (BtfFeatures feature in Single) Check(btf, BtfFeatures.All & ~feature);
    }

    [Fact]
    public void Every_combination_of_features_is_served()
    {
        BtfReader btf = Sample();
        for (int set = 0; set <= (int)BtfFeatures.All; set++) Check(btf, (BtfFeatures)set);
    }

    [Fact]
    public void A_kernel_that_takes_all_gets_the_bytes_as_they_are()
    {
        BtfReader btf = Sample();
        Assert.True(BtfSanitizer.Sanitize(btf, BtfFeatures.All).Equals(btf.Raw));
    }

    [Fact]
    public void Each_kind_becomes_what_libbpf_makes_of_it()
    {
        BtfReader btf = Sample(), bare = BtfReader.Read(BtfSanitizer.Sanitize(btf, BtfFeatures.None));
        BtfType Now(string name, BtfKind was) => bare[btf.Find(name, was)];

        Assert.Equal(BtfKind.Typedef, Now("run", BtfKind.Function).Kind);
        BtfType prototype = bare[btf[btf.Find("run", BtfKind.Function)].TypeId];
        Assert.Equal((BtfKind.Enum, 4u, 3), (prototype.Kind, prototype.Size, prototype.VariableLength));

        BtfType section = Now(".data", BtfKind.DataSection);
        Assert.Equal((BtfKind.Struct, "_data", 16u), (section.Kind, section.Name, section.Size));
        BtfMember member = Assert.Single(section.Members);
        Assert.Equal(("global", btf.Find("global", BtfKind.Variable), 0u), (member.Name, member.TypeId, member.BitOffset));
        Assert.Equal("__optional", Now("?.optional", BtfKind.DataSection).Name);
        Assert.Equal(64u, Now("?.optional", BtfKind.DataSection).Members[0].BitOffset);

        BtfType variable = Now("global", BtfKind.Variable);
        Assert.Equal((BtfKind.Int, 1u, 8, "global"), (variable.Kind, variable.Size, variable.IntBits, variable.Name));
        BtfType tag = Now("on function", BtfKind.DeclarationTag);
        Assert.Equal((BtfKind.Int, 1u, 8, BtfIntEncoding.None), (tag.Kind, tag.Size, tag.IntBits, tag.IntEncoding));
        BtfType number = Now("double", BtfKind.Float);
        Assert.Equal((BtfKind.Struct, "", 8u, 0), (number.Kind, number.Name, number.Size, number.VariableLength));
        BtfType user = Now("user", BtfKind.TypeTag);
        Assert.Equal((BtfKind.Const, "", btf[btf.Find("user", BtfKind.TypeTag)].TypeId), (user.Kind, user.Name, user.TypeId));
        BtfType wide = Now("wide", BtfKind.Enum64);
        Assert.Equal((BtfKind.Union, 8u), (wide.Kind, wide.Size));
        Assert.Equal(["HUGE", "NEGATIVE_WIDE"], wide.Members.Select(m => m.Name));
        BtfType placeholder = bare[new BtfTypeId(btf.TypeCount)];
        Assert.Equal(("enum64_placeholder", BtfKind.Int, 1u), (placeholder.Name, placeholder.Kind, placeholder.Size));
        Assert.All(wide.Members, m => Assert.Equal((placeholder.Id, 0u), (m.TypeId, m.BitOffset)));
    }

    [Fact]
    public void A_question_mark_alone_is_replaced_where_data_sections_are_known()
    {
        BtfReader btf = Sample();
        BtfReader after = BtfReader.Read(BtfSanitizer.Sanitize(btf, BtfFeatures.All & ~BtfFeatures.QuestionMarkNames));
        BtfType section = after[btf.Find("?.optional", BtfKind.DataSection)];
        Assert.Equal((BtfKind.DataSection, "_.optional"), (section.Kind, section.Name));
    }

    [Fact]
    public void A_section_without_variables_becomes_a_struct_and_its_neighbour_stays()
    {
        BtfBuilder builder = BtfSamples.EveryKind();
        BtfTypeId empty = builder.AddDataSection(".rodata", 12);
        BtfReader before = builder.ToReader(), after = BtfReader.Read(BtfSanitizer.Sanitize(before, BtfFeatures.All & ~BtfFeatures.EmptyDataSections));

        Assert.Equal((BtfKind.Struct, "_rodata", 12u, 0), (after[empty].Kind, after[empty].Name, after[empty].Size, after[empty].VariableLength));
        Assert.Equal(BtfKind.DataSection, after[before.Find(".data", BtfKind.DataSection)].Kind);
    }

    [Fact]
    public void The_layout_section_is_left_out_and_its_kinds_are_not_touched()
    {
        byte[] raw = BtfLayoutTests.WithLayout(Sample().Raw.Span, 25);
        BtfReader btf = BtfReader.Read(raw);
        byte[] kept = BtfSanitizer.Sanitize(btf, BtfFeatures.All & ~BtfFeatures.TypeTags).ToArray();
        Assert.Equal(32u, BitConverter.ToUInt32(kept, 4));
        byte[] without = BtfSanitizer.Sanitize(btf, BtfFeatures.All & ~BtfFeatures.Layout).ToArray();
        Assert.Equal(24u, BitConverter.ToUInt32(without, 4));
        Assert.Equal(BtfSamples.Describe(btf), BtfSamples.Describe(BtfReader.Read(without)));
    }

    private static BtfReader Sample()
    {
        BtfBuilder builder = BtfSamples.EveryKind();
        BtfTypeId variable = builder.AddVariable("optional", BtfLinkage.Global, new BtfTypeId(1));
        _ = builder.AddDataSection("?.optional", 16);
        builder.AddSectionVariable(new BtfSectionVariable(variable, 8, 4));
        return builder.ToReader();
    }
}

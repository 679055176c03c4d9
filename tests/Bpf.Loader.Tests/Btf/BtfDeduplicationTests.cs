using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

public class BtfDeduplicationTests
{
    public static TheoryData<string> Objects() => TestData.GoodObjects();

    private static bool IsKept(BtfType type) => type.Kind is BtfKind.Variable or BtfKind.DataSection;

    /// <summary>Says of every type that it means the same before and after, as far as names and sizes tell.</summary>
    private static void KeepsMeaning(BtfReader before, BtfDeduplication after)
    {
        for (int i = before.FirstId; i < before.TypeCount; i++)
        {
            var id = new BtfTypeId(i);
            BtfType one = before[id], two = after.Types[after[id]];
            if (one.Kind != BtfKind.Forward && !(one.IsEnum && one.VariableLength == 0)) Assert.Equal((one.Kind, one.VariableLength, one.KindFlag), (two.Kind, two.VariableLength, two.KindFlag));
            Assert.Equal(one.Name, two.Name);
            if (before.TryGetSize(id, out uint size)) Assert.Equal(size, after.Types.SizeOf(two.Id));
            Assert.Equal(one.Members.Select(m => (m.Name, m.BitOffset, m.BitFieldSize, after[m.TypeId])), two.Members.Select(m => (m.Name, m.BitOffset, m.BitFieldSize, m.TypeId)));
            Assert.Equal(one.Parameters.Select(p => (p.Name, after[p.TypeId])), two.Parameters.Select(p => (p.Name, p.TypeId)));
            if (BtfFields.Of(one.Kind, 0).HeadIsType) Assert.Equal(after[one.TypeId], two.TypeId);
        }
    }

    [Theory, MemberData(nameof(Objects))]
    public void An_object_put_together_with_itself_is_itself_again(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        BtfDeduplication once = BtfDeduplication.Run(btf);
        KeepsMeaning(btf, once);
        Assert.Equal(btf.IsBigEndian, once.Types.IsBigEndian);
        Assert.Equal(once.Types.Raw.ToArray(), BtfDeduplication.Run(once.Types).Types.Raw.ToArray());

        var twice = new BtfBuilder();
        twice.AddAll(btf);
        twice.AddAll(btf);
        BtfReader merged = twice.ToReader();
        BtfDeduplication result = BtfDeduplication.Run(merged);
        KeepsMeaning(merged, result);

        // Variables and sections are kept twice, and so are the tags on them.
        int kept = Enumerable.Range(1, once.Types.TypeCount - 1).Select(i => once.Types[new BtfTypeId(i)])
            .Count(t => IsKept(t) || (t.Kind == BtfKind.DeclarationTag && IsKept(once.Types[t.TypeId])));
        Assert.Equal(once.Types.TypeCount + kept, result.Types.TypeCount);
        Assert.Equal(BtfSamples.Describe(new BtfBuilder(once.Types).ToReader()), BtfSamples.Describe(result.Types).Take(once.Types.TypeCount - 1));
    }

    [Theory, MemberData(nameof(Objects))]
    public void Records_of_btf_ext_follow_their_types_and_strings(string name)
    {
        ElfFile elf = ElfFile.Read(TestData.Read(name));
        if (!elf.Sections.TryFind(".BTF"u8, out ElfSection types) || !elf.Sections.TryFind(".BTF.ext"u8, out ElfSection records)) return;
        BtfReader btf = BtfReader.Read(types.Data);
        BtfExtReader ext = BtfExtReader.Read(records.Data);
        BtfDeduplication result = BtfDeduplication.Run(btf, ext);
        Assert.Equal(ext.IsBigEndian, result.Ext!.IsBigEndian);
        Assert.Equal(Describe(btf, ext), Describe(result.Types, result.Ext));
    }

    private static IEnumerable<string> Describe(BtfReader btf, BtfExtReader ext)
    {
        foreach (BtfExtSection<BtfFuncInfo> s in ext.Functions)
            foreach (BtfFuncInfo r in s) yield return $"{s.GetName(btf)}+{r.InstructionOffset} {btf[r.TypeId].Kind} {btf[r.TypeId].Name}";
        foreach (BtfExtSection<BtfLineInfo> s in ext.Lines)
            foreach (BtfLineInfo r in s) yield return $"{s.GetName(btf)}+{r.InstructionOffset} {r.GetFileName(btf)}:{r.LineColumn} {r.GetText(btf)}";
        foreach (BtfExtSection<BtfCoReRecord> s in ext.CoReRecords)
            foreach (BtfCoReRecord r in s) yield return $"{s.GetName(btf)}+{r.InstructionOffset} {r.Kind} {btf[r.TypeId].Kind} {btf[r.TypeId].Name} {r.GetAccessString(btf)}";
    }

    [Fact]
    public void The_kernels_types_have_no_duplicates()
    {
        if (BtfSamples.Kernel is not { } kernel)
        {
            Assert.Skip("This machine has no kernel BTF.");
            return;
        }

        BtfReader once = BtfDeduplication.Run(kernel).Types;
        Assert.Equal(kernel.TypeCount, once.TypeCount);
        Assert.True(kernel.Types.Span.Length == once.Types.Span.Length);
        Assert.True(once.Raw.Span.SequenceEqual(BtfDeduplication.Run(once).Types.Raw.Span));

        // As split BTF on themselves, they all fall together with their base, but for variables, sections and tags on variables.
        BtfBuilder split = BtfBuilder.SplitOn(kernel);
        split.AddAll(kernel);
        BtfReader rest = BtfDeduplication.Run(split.ToReader()).Types;
        for (int id = rest.FirstId; id < rest.TypeCount; id++)
        {
            BtfType type = rest[new BtfTypeId(id)];
            Assert.True(IsKept(type) || (type.Kind == BtfKind.DeclarationTag && IsKept(rest[type.TypeId])), $"{type} is left.");
        }
    }

    [Fact]
    public void A_declaration_becomes_the_definition_that_an_equal_struct_shows()
    {
        // File 1: struct s { struct t *p; }; struct t { int x; };   File 2: struct t; struct s { struct t *p; };
        var b = new BtfBuilder();
        BtfTypeId number = b.AddInt("int", 4, BtfIntEncoding.Signed), t = b.AddStruct("t", 4);
        b.AddMember("x", number, 0);
        BtfTypeId p1 = b.AddPointer(t), s1 = b.AddStruct("s", 8);
        b.AddMember("p", p1, 0);
        BtfTypeId forward = b.AddForward("t"), p2 = b.AddPointer(forward), s2 = b.AddStruct("s", 8);
        b.AddMember("p", p2, 0);
        BtfDeduplication result = BtfDeduplication.Run(b.ToReader());
        Assert.Equal(5, result.Types.TypeCount);
        Assert.Equal((result[t], result[p1], result[s1]), (result[forward], result[p2], result[s2]));
    }

    [Fact]
    public void A_declaration_becomes_the_only_definition_of_its_name()
    {
        var b = new BtfBuilder();
        BtfTypeId number = b.AddInt("int", 4), forward = b.AddForward("t"), pointer = b.AddPointer(forward);
        BtfTypeId other = b.AddForward("t", isUnion: true), t = b.AddStruct("t", 4);
        b.AddMember("x", number, 0);
        BtfDeduplication result = BtfDeduplication.Run(b.ToReader());
        Assert.Equal(result[t], result[forward]);
        Assert.Equal(result[t], result.Types[result[pointer]].TypeId);
        Assert.Equal(BtfKind.Forward, result.Types[result[other]].Kind);
    }

    [Fact]
    public void A_declaration_that_could_mean_two_definitions_stays()
    {
        var b = new BtfBuilder();
        BtfTypeId forward = b.AddForward("t");
        _ = b.AddStruct("t", 4);
        _ = b.AddStruct("t", 8);
        BtfDeduplication result = BtfDeduplication.Run(b.ToReader());
        Assert.Equal(BtfKind.Forward, result.Types[result[forward]].Kind);
        Assert.Equal(4, result.Types.TypeCount);
    }

    [Fact]
    public void Equal_names_with_other_contents_stay_apart()
    {
        var b = new BtfBuilder();
        BtfTypeId i = b.AddInt("int", 4, BtfIntEncoding.Signed), u = b.AddInt("int", 4), a1 = b.AddArray(i, i, 3), a2 = b.AddArray(i, i, 4);
        BtfTypeId s1 = b.AddStruct("s", 4);
        b.AddMember("x", i, 0);
        BtfTypeId s2 = b.AddStruct("s", 4);
        b.AddMember("x", u, 0);
        BtfTypeId s3 = b.AddStruct("s", 4);
        b.AddMember("y", i, 0);
        BtfTypeId t1 = b.AddTypedef("t", i), t2 = b.AddTypedef("t", u), e1 = b.AddEnum("e");
        b.AddEnumerator("A", 1);
        BtfTypeId e2 = b.AddEnum("e");
        b.AddEnumerator("A", 2);
        BtfTypeId[] all = [i, u, a1, a2, s1, s2, s3, t1, t2, e1, e2];
        BtfDeduplication result = BtfDeduplication.Run(b.ToReader());
        Assert.Equal(all.Length, all.Select(id => result[id]).Distinct().Count());
    }

    [Fact]
    public void Enum_declarations_become_their_definitions_in_either_order()
    {
        var b = new BtfBuilder();
        BtfTypeId before = b.AddEnum("e"), pointer = b.AddPointer(before), full = b.AddEnum64("e");
        b.AddEnumerator("A", 1);
        BtfTypeId after = b.AddEnum("e"), other = b.AddPointer(after);
        BtfDeduplication result = BtfDeduplication.Run(b.ToReader());
        Assert.Equal(3, result.Types.TypeCount);
        Assert.Equal((result[full], result[full], result[pointer]), (result[before], result[after], result[other]));
    }

    [Fact]
    public void Structs_in_a_ring_fall_together_and_other_rings_do_not()
    {
        static BtfTypeId Ring(BtfBuilder b, int length, string name)
        {
            int first = b.TypeCount;
            for (int i = 0; i < length; i++)
            {
                _ = b.AddStruct(name + i, 8);
                b.AddMember("next", new BtfTypeId(first + (2 * i) + 1), 0);
                _ = b.AddPointer(new BtfTypeId(first + (2 * ((i + 1) % length))));
            }

            return new BtfTypeId(first);
        }

        var b = new BtfBuilder();
        BtfTypeId one = Ring(b, 1_000, "a"), two = Ring(b, 1_000, "a"), three = Ring(b, 999, "a");
        BtfDeduplication result = BtfDeduplication.Run(b.ToReader());
        Assert.Equal(result[one], result[two]);
        Assert.NotEqual(result[one], result[three]);
        Assert.Equal(1 + 2_000 + 1_998, result.Types.TypeCount);
    }

    [Fact]
    public void Only_strings_in_use_are_kept()
    {
        var b = new BtfBuilder();
        _ = b.AddString("nobody uses this");
        _ = b.AddInt("int", 4);
        Assert.Equal("\0int\0", Encoding.UTF8.GetString(BtfDeduplication.Run(b.ToReader()).Types.Strings.Span));
    }

    [Fact]
    public void A_loop_without_a_struct_is_refused()
    {
        var b = new BtfBuilder();
        _ = b.AddPointer(b.AddConst(new BtfTypeId(2)));
        Assert.Equal(BpfDiagnosticId.BadBtfReference, Assert.Throws<BpfFormatException>(() => BtfDeduplication.Run(b.ToReader())).Id);
    }

    [Fact]
    public void A_very_long_chain_needs_no_stack()
    {
        var b = new BtfBuilder();
        for (int copy = 0; copy < 2; copy++)
        {
            int first = b.TypeCount;
            for (int i = 0; i < 100_000; i++) _ = b.AddPointer(new BtfTypeId(i == 99_999 ? 0 : first + i + 1));
        }

        Assert.Equal(100_001, BtfDeduplication.Run(b.ToReader()).Types.TypeCount);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

public class BtfBuilderTests
{
    public static TheoryData<string> Objects() => TestData.GoodObjects();

    [Theory, MemberData(nameof(Objects))]
    public void What_was_read_is_written_again(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        byte[] written = new BtfBuilder(btf).ToArray();
        if (btf.IsBigEndian != BitConverter.IsLittleEndian) Assert.Equal(btf.Raw.ToArray(), written);
        BtfReader again = BtfReader.Read(written);
        Assert.Equal(!BitConverter.IsLittleEndian, again.IsBigEndian);
        Assert.Equal(BtfSamples.Describe(btf), BtfSamples.Describe(again));
    }

    [Theory, MemberData(nameof(Objects))]
    public void Types_get_another_order_and_refer_to_the_same(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        var builder = new BtfBuilder(btf);
        byte[] before = builder.ToArray();
        int count = btf.TypeCount - 1;
        int[] ids = [.. Enumerable.Range(1, count)];
        new Random(count).Shuffle(ids);
        builder.Permute([.. ids.Select(static id => new BtfTypeId(id))]);

        BtfReader moved = builder.ToReader();
        Assert.Equal(btf.TypeCount, moved.TypeCount);
        for (int id = 1; id <= count; id++)
        {
            BtfType one = btf[new BtfTypeId(id)], two = moved[new BtfTypeId(ids[id - 1])];
            Assert.Equal((one.Kind, one.Name, one.VariableLength, one.KindFlag, one.RecordSize), (two.Kind, two.Name, two.VariableLength, two.KindFlag, two.RecordSize));
            Assert.Equal(one.Members.Select(m => Moved(m.TypeId)), two.Members.Select(m => m.TypeId.Value));
            Assert.Equal(one.Parameters.Select(m => Moved(m.TypeId)), two.Parameters.Select(m => m.TypeId.Value));
        }

        // The way back is the inverse, and leads to the same bytes.
        BtfTypeId[] back = new BtfTypeId[count];
        for (int id = 1; id <= count; id++) back[ids[id - 1] - 1] = new BtfTypeId(id);
        builder.Permute(back);
        Assert.Equal(before, builder.ToArray());

        int Moved(BtfTypeId id) => id.IsVoid ? 0 : ids[id.Value - 1];
    }

    [Fact]
    public void Another_order_has_each_type_once()
    {
        BtfReader basis = BtfSamples.EveryKind().ToReader();
        var builder = BtfBuilder.SplitOn(basis);
        BtfTypeId one = builder.AddInt("one", 4), two = builder.AddPointer(one);
        builder.AddPointer(new BtfTypeId(1));
        Assert.Throws<ArgumentException>(() => builder.Permute([two, one]));
        Assert.Throws<ArgumentException>(() => builder.Permute([two, two, one]));
        Assert.Throws<ArgumentException>(() => builder.Permute([new BtfTypeId(1), one, two]));
        builder.Permute([two, one, new BtfTypeId(two.Value + 1)]);
        BtfReader moved = builder.ToReader();
        Assert.Equal((BtfKind.Pointer, two), (moved[one].Kind, moved[one].TypeId));
        Assert.Equal("one", moved[two].Name);
        Assert.Equal(1, moved[new BtfTypeId(two.Value + 1)].TypeId.Value); // of the base
    }

    [Fact]
    public void The_table_of_record_lengths_is_libbpfs()
    {
        // Sizes of struct btf_array and the like, as in the table of libbpf 1.8's btf.c: once, and of each entry.
        (int Once, int Each)[] libbpf =
        [
            (0, 0), (4, 0), (0, 0), (12, 0), (0, 12), (0, 12), (0, 8), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 8), (4, 0), (0, 12), (0, 0), (4, 0), (0, 0), (0, 12),
        ];
        BtfBuilder builder = BtfSamples.EveryKind();
        BtfReader without = builder.ToReader();
        builder.AddLayout();
        foreach (bool isBigEndian in (bool[])[false, true])
        {
            byte[] raw = builder.ToArray(isBigEndian);
            BtfReader with = BtfReader.Read(raw);
            Assert.Equal(BtfSamples.Describe(without), BtfSamples.Describe(with));
            int header = 32, at = header + Word(6);
            Assert.Equal((header, libbpf.Length * 4), (Word(1), Word(7)));
            Assert.Equal(libbpf, Enumerable.Range(0, libbpf.Length).Select(kind => ((int)raw[at + (kind * 4)], (int)raw[at + (kind * 4) + 1])));

            int Word(int index) => isBigEndian ? System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(raw.AsSpan(index * 4)) : System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(raw.AsSpan(index * 4));
        }

        // What a table says of kinds that are not known here stays, and is there once.
        var again = new BtfBuilder(builder.ToReader());
        again.AddLayout();
        Assert.Equal(builder.ToArray(), again.ToArray());
    }

    [Fact]
    public void The_kernels_types_are_written_byte_for_byte()
    {
        if (BtfSamples.Kernel is not { } kernel)
        {
            Assert.Skip("This machine has no kernel BTF.");
            return;
        }

        Assert.True(kernel.Raw.Span.SequenceEqual(new BtfBuilder(kernel).ToArray()));
    }

    [Theory, MemberData(nameof(Objects))]
    public void Copying_type_by_type_keeps_everything(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        var all = new BtfBuilder();
        Assert.Equal(1, all.AddAll(btf).Value);
        Assert.Equal(BtfSamples.Describe(btf), BtfSamples.Describe(all.ToReader()));

        // A second copy is the same with all ids moved.
        int moved = all.TypeCount - 1;
        all.AddAll(btf);
        BtfReader twice = all.ToReader();
        var again = new BtfBuilder(twice);
        for (int id = moved + 1; id < twice.TypeCount; id++)
        {
            BtfType one = btf[new BtfTypeId(id - moved)], two = twice[new BtfTypeId(id)];
            Assert.Equal((one.Kind, one.Name, one.VariableLength, one.KindFlag), (two.Kind, two.Name, two.VariableLength, two.KindFlag));
            Assert.Equal(one.Members.Select(m => m.TypeId.Value == 0 ? 0 : m.TypeId.Value + moved), two.Members.Select(m => m.TypeId.Value));
            Assert.Equal(one.Parameters.Select(m => m.TypeId.Value == 0 ? 0 : m.TypeId.Value + moved), two.Parameters.Select(m => m.TypeId.Value));
        }
    }

    [Fact]
    public void Every_kind_is_read_back_as_it_was_added()
    {
        BtfReader btf = BtfSamples.EveryKind().ToReader();
        Assert.Equal(
            Enumerable.Range(1, 19).Select(k => (BtfKind)k),
            Enumerable.Range(1, btf.TypeCount - 1).Select(i => btf[new BtfTypeId(i)].Kind).Distinct().Order());

        Assert.True(btf.TryFind("node", BtfKind.Struct, out BtfTypeId node));
        BtfType type = btf[node];
        Assert.True(type.KindFlag);
        Assert.Equal(["next@0+0", "flags@64+3", "more@67+61", "key@128+0"], type.Members.Select(m => $"{m.Name}@{m.BitOffset}+{m.BitFieldSize}"));
        Assert.True(btf.TryFind("wide", BtfKind.Enum64, out BtfTypeId wide));
        Assert.Equal([0x1234567890, -2], btf[wide].Enumerators.Select(e => e.Value));
        Assert.True(btf.TryFind("run", BtfKind.Function, out BtfTypeId run));
        Assert.Equal(BtfLinkage.Global, btf[run].Linkage);
        Assert.Equal(["n", "kind", ""], btf[btf[run].TypeId].Parameters.Select(p => p.Name));
        Assert.True(btf.TryFind("on parameter", BtfKind.DeclarationTag, out BtfTypeId tag));
        Assert.Equal((1, true), (btf[tag].ComponentIndex, btf[tag].KindFlag));
        BtfType negative = Enumerable.Range(1, btf.TypeCount - 1).Select(i => btf[new BtfTypeId(i)]).Single(t => t.Kind == BtfKind.Enum && t.Name == "");
        Assert.True(negative.KindFlag);
        Assert.Equal(-1, negative.Enumerators[0].Value);
    }

    [Fact]
    public void Strings_are_stored_once()
    {
        var builder = new BtfBuilder();
        Assert.Equal(0u, builder.AddString(""));
        uint one = builder.AddString("one");
        Assert.Equal(1u, one);
        var offsets = new Dictionary<uint, string> { [one] = "one" };
        for (int i = 0; i < 5000; i++) offsets.Add(builder.AddString("name" + i), "name" + i);
        foreach ((uint offset, string text) in offsets) Assert.Equal(offset, builder.AddString(Encoding.UTF8.GetBytes(text)));
        BtfReader btf = builder.ToReader();
        foreach ((uint offset, string text) in offsets) Assert.Equal(text, btf.GetString(offset));
        Assert.Throws<ArgumentException>(() => builder.AddString("a\0b"));
    }

    [Fact]
    public void A_name_is_looked_for_with_the_base_and_without()
    {
        BtfReader types = BtfSamples.EveryKind().ToReader();
        BtfBuilder builder = BtfBuilder.SplitOn(types);
        BtfTypeId own = builder.AddStruct("own", 32);
        BtfReader split = builder.ToReader();
        Assert.True(split.TryFind("own", BtfKind.Struct, out BtfTypeId found) && found == own);
        Assert.True(split.TryFindOwn("own"u8, BtfKind.Struct, out found) && found == own);
        Assert.True(split.TryFind("node", BtfKind.Struct, out found) && found == types.Find("node", BtfKind.Struct));
        Assert.False(split.TryFindOwn("node"u8, BtfKind.Struct, out _));
        Assert.True(types.TryFindOwn("node"u8, BtfKind.Struct, out _));
    }

    [Fact]
    public void Strings_of_a_reader_and_of_a_base_are_found_again()
    {
        BtfReader btf = BtfSamples.EveryKind().ToReader();
        int length = btf.Strings.Length;
        var copy = new BtfBuilder(btf);
        foreach (string name in (string[])["node", "RED", "on member", "int"]) Assert.InRange(copy.AddString(name), 1u, (uint)length - 1);
        Assert.Equal((uint)length, copy.AddString("new"));

        BtfBuilder split = BtfBuilder.SplitOn(btf);
        Assert.InRange(split.AddString("node"), 1u, (uint)length - 1);
        Assert.Equal((uint)length, split.AddString("new"));
        BtfTypeId own = split.AddStruct("own", 32);
        split.AddMember("inner", btf.Find("node", BtfKind.Struct), 0);
        BtfReader read = split.ToReader();
        Assert.Equal(btf.TypeCount, own.Value);
        Assert.Equal(btf.TypeCount + 1, read.TypeCount);
        Assert.Same(btf, read.Base);
        Assert.Equal("node", read[read[own].Members[0].TypeId].Name);
        Assert.Equal("own", read[own].Name);

        // And once more: split BTF on split BTF.
        BtfBuilder third = BtfBuilder.SplitOn(read);
        BtfTypeId top = third.AddTypedef("own", own);
        Assert.Equal("own", third.ToReader()[top].Name);
        Assert.Equal(new BtfBuilder(read).ToArray(), read.Raw.ToArray());
    }

    [Fact]
    public void Edits_in_place_change_what_they_name_and_nothing_else()
    {
        BtfReader before = BtfSamples.EveryKind().ToReader();
        var edit = new BtfBuilder(before);
        BtfTypeId function = before.Find("run", BtfKind.Function), variable = before.Find("hidden", BtfKind.Variable);
        BtfTypeId section = before.Find(".data", BtfKind.DataSection), node = before.Find("node", BtfKind.Struct);
        BtfTypeId number = before.Find("int", BtfKind.Int), color = before.Find("color", BtfKind.Enum);
        edit.SetName(number, "integer");
        edit.SetLinkage(function, BtfLinkage.Static);
        edit.SetLinkage(variable, BtfLinkage.Extern);
        edit.SetSize(section, 64);
        edit.SetSectionVariable(section, 0, new BtfSectionVariable(variable, 8, 24));
        edit.SetEntryName(color, 1, "BLUE");
        edit.SetEntryType(node, 3, number);
        edit.SetMemberOffset(node, 3, 192);
        edit.SetTypeId(variable, number);
        edit.SetInt(number, BtfIntEncoding.Bool, 3, 5);

        BtfReader after = edit.ToReader();
        Assert.Equal("integer", after[number].Name);
        Assert.Equal(BtfLinkage.Static, after[function].Linkage);
        Assert.Equal((BtfLinkage.Extern, number), (after[variable].Linkage, after[variable].TypeId));
        Assert.Equal(64u, after[section].Size);
        Assert.Equal(new BtfSectionVariable(variable, 8, 24), after[section].Variables[0]);
        Assert.Equal("BLUE", after[color].Enumerators[1].Name);
        Assert.Equal((number, 192u), (after[node].Members[3].TypeId, after[node].Members[3].BitOffset));
        Assert.Equal((BtfIntEncoding.Bool, 3, 5), (after[number].IntEncoding, after[number].IntBitOffset, after[number].IntBits));
        int[] touched = [number.Value, function.Value, variable.Value, section.Value, node.Value, color.Value];
        for (int id = 1; id < before.TypeCount; id++)
        {
            if (touched.Contains(id)) continue;
            Assert.Equal(BtfSamples.Describe(before[new BtfTypeId(id)]), BtfSamples.Describe(after[new BtfTypeId(id)]));
        }
    }

    [Fact]
    public void A_kind_changes_in_place_only_when_its_record_keeps_its_length()
    {
        BtfReader btf = BtfSamples.EveryKind().ToReader();
        var edit = new BtfBuilder(btf);
        BtfTypeId function = btf.Find("run", BtfKind.Function);
        edit.SetKind(function, BtfKind.Typedef, 0, false);
        Assert.Equal(BtfKind.Typedef, edit.ToReader()[function].Kind);
        Assert.Throws<ArgumentException>(() => edit.SetKind(function, BtfKind.Int, 0, false));
        Assert.Throws<ArgumentException>(() => edit.SetKind(function, BtfKind.Struct, 1, false));
    }

    [Fact]
    public void What_btf_cannot_express_is_refused()
    {
        var b = new BtfBuilder();
        Assert.Throws<ArgumentException>(() => b.AddInt("int", 3));
        Assert.Throws<ArgumentException>(() => b.AddInt("", 4));
        Assert.Throws<ArgumentException>(() => b.AddInt("int", 32));
        Assert.Throws<ArgumentException>(() => b.AddFloat("float", 5));
        Assert.Throws<ArgumentException>(() => b.AddEnum("e", 16));
        Assert.Throws<ArgumentException>(() => b.AddTypedef("", default));
        Assert.Throws<ArgumentOutOfRangeException>(() => b.AddPointer(new BtfTypeId(-1)));
        Assert.Throws<InvalidOperationException>(() => b.AddMember("m", default, 0));
        BtfTypeId number = b.AddInt("int", 4);
        Assert.Throws<InvalidOperationException>(() => b.AddMember("m", number, 0));
        _ = b.AddUnion("u", 4);
        Assert.Throws<ArgumentException>(() => b.AddMember("m", number, 8));
        _ = b.AddStruct("s", 4);
        Assert.Throws<ArgumentException>(() => b.AddMember("m", number, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => b.AddMember("m", number, 0, 256));
        Assert.Throws<ArgumentException>(() => b.AddMember("m", number, 0x1000000, 1));
        b.AddMember("far", number, 0x1000000);
        Assert.Throws<ArgumentException>(() => b.AddMember("m", number, 0, 1));
        _ = b.AddEnum("e");
        Assert.Throws<ArgumentOutOfRangeException>(() => b.AddEnumerator("BIG", 1L << 32));
        Assert.Throws<ArgumentException>(() => b.AddEnumerator("", 1));
        Assert.Throws<InvalidOperationException>(() => b.AddParameter("p", number));
        Assert.Throws<ArgumentOutOfRangeException>(() => b.SetName(new BtfTypeId(99), "x"));
        Assert.Throws<ArgumentException>(() => b.SetTypeId(number, number));
        Assert.Throws<ArgumentException>(() => b.SetArrayCount(number, 1));
        Assert.Throws<ArgumentException>(() => b.SetLinkage(number, BtfLinkage.Global));
    }
}

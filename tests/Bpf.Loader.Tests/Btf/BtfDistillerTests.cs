using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

public class BtfDistillerTests
{
    /// <summary>A base with more than is needed; <paramref name="shift"/> types come first, so that ids differ.</summary>
    private static BtfReader Base(int shift, uint taskSize = 64, bool secondTask = false)
    {
        var b = new BtfBuilder();
        for (int i = 0; i < shift; i++) _ = b.AddTypedef("shift" + i, default);
        BtfTypeId number = b.AddInt("int", 4, BtfIntEncoding.Signed);
        _ = b.AddFloat("double", 8);
        BtfTypeId task = b.AddStruct("task", taskSize);
        b.AddMember("pid", number, 0);
        BtfTypeId point = b.AddStruct("point", 8);
        b.AddMember("x", number, 0);
        b.AddMember("y", number, 32);
        _ = b.AddEnum("state");
        b.AddEnumerator("RUNNING", 0);
        _ = b.AddEnum64("wide");
        b.AddEnumerator("HUGE", 1L << 40);
        _ = b.AddForward("hidden");
        BtfTypeId pointer = b.AddPointer(task);
        _ = b.AddConst(pointer);
        BtfTypeId anonymous = b.AddUnion(null, 8);
        b.AddMember("p", point, 0);
        _ = b.AddTypedef("either", anonymous);
        if (secondTask) _ = b.AddStruct("task", 16);
        _ = b.AddFunction("run", BtfLinkage.Global, b.AddFunctionPrototype(number));
        return b.ToReader();
    }

    private static BtfReader Module(BtfReader baseBtf)
    {
        BtfBuilder b = BtfBuilder.SplitOn(baseBtf);
        BtfTypeId array = b.AddArray(baseBtf.Find("point", BtfKind.Struct), baseBtf.Find("int", BtfKind.Int), 2);
        BtfTypeId pointer = b.AddPointer(baseBtf.Find("hidden", BtfKind.Forward));
        _ = b.AddStruct("own", 56);
        b.AddMember("task", new BtfTypeId(baseBtf.Find("task", BtfKind.Struct).Value + 5), 0); // the pointer to it
        b.AddMember("points", array, 64);
        b.AddMember("hidden", pointer, 192);
        b.AddMember("state", baseBtf.Find("state", BtfKind.Enum), 256);
        b.AddMember("wide", baseBtf.Find("wide", BtfKind.Enum64), 320);
        b.AddMember("either", baseBtf.Find("either", BtfKind.Typedef), 384);
        return b.ToReader();
    }

    private static string Own(BtfReader btf) => BtfCPrinter.Definition(btf, btf.Find("own", BtfKind.Struct));

    [Fact]
    public void A_distilled_base_has_names_and_sizes_only()
    {
        BtfReader distilled = BtfDistiller.Distill(Module(Base(0)));
        Assert.Equal(
            ["[1] Int int flag:0 4", "[2] Struct task flag:0 64", "[3] Struct point flag:0 8", "[4] Enum state flag:0 4", "[5] Enum wide flag:0 8", "[6] Forward hidden flag:0 0"],
            Enumerable.Range(1, distilled.FirstId - 1).Select(i => distilled[new BtfTypeId(i)]).Select(t => $"{t} flag:{(t.KindFlag ? 1 : 0)} {t.Size}"));
        Assert.All(Enumerable.Range(1, distilled.FirstId - 1), i => Assert.Equal(0, distilled[new BtfTypeId(i)].VariableLength));
        Assert.Equal(Own(Module(Base(0))), Own(distilled));
    }

    [Fact]
    public void A_module_is_moved_to_a_kernel_with_other_ids()
    {
        BtfReader distilled = BtfDistiller.Distill(Module(Base(0))), kernel = Base(7);
        BtfReader moved = BtfDistiller.Relocate(distilled, kernel);
        Assert.Same(kernel, moved.Base);
        Assert.Equal(Own(Module(kernel)), Own(moved));
        BtfType own = moved[moved.Find("own", BtfKind.Struct)];
        Assert.Equal(kernel.Find("state", BtfKind.Enum), own.Members[3].TypeId);
        Assert.Equal(kernel.Find("wide", BtfKind.Enum64), own.Members[4].TypeId);
        Assert.Equal(kernel.Find("task", BtfKind.Struct), moved[own.Members[0].TypeId].TypeId);
    }

    [Fact]
    public void What_is_only_pointed_to_may_have_grown()
    {
        BtfReader distilled = BtfDistiller.Distill(Module(Base(0)));
        BtfReader moved = BtfDistiller.Relocate(distilled, Base(1, taskSize: 128));
        Assert.Equal(128u, moved.SizeOf(moved.Find("task", BtfKind.Struct)));
    }

    [Fact]
    public void Of_two_with_the_name_the_size_decides()
    {
        BtfReader distilled = BtfDistiller.Distill(Module(Base(0))), kernel = Base(1, secondTask: true);
        BtfReader moved = BtfDistiller.Relocate(distilled, kernel);
        Assert.Equal(64u, moved[moved[moved[moved.Find("own", BtfKind.Struct)].Members[0].TypeId].TypeId].Size);
    }

    [Fact]
    public void What_has_no_counterpart_or_two_is_refused()
    {
        BtfReader distilled = BtfDistiller.Distill(Module(Base(0)));
        foreach (BtfReader kernel in (IEnumerable<BtfReader>)[Base(0, 16, secondTask: true), new BtfBuilder().ToReader(), Base(0, 128, secondTask: true)])
            Assert.Equal(BpfDiagnosticId.BadBtfReference, Assert.Throws<BpfFormatException>(() => BtfDistiller.Relocate(distilled, kernel)).Id);

        // And a base that is no distilled one, or functions of it.
        Assert.Throws<BpfFormatException>(() => BtfDistiller.Relocate(Module(Base(0)), Base(1)));
        BtfReader full = Base(0);
        BtfBuilder bad = BtfBuilder.SplitOn(full);
        _ = bad.AddDeclarationTag("tag", full.Find("run", BtfKind.Function));
        Assert.Throws<BpfFormatException>(() => BtfDistiller.Distill(bad.ToReader()));
    }

    [Fact]
    public void A_struct_with_bit_fields_matches_its_declaration()
    {
        // libbpf looks at the flag that means union in a declaration, and bit-fields in a struct.
        var b = new BtfBuilder();
        BtfTypeId number = b.AddInt("int", 4);
        _ = b.AddStruct("hidden", 4);
        b.AddMember("bits", number, 0, 3);
        var small = new BtfBuilder();
        _ = small.AddForward("hidden");
        BtfReader distilled = small.ToReader();
        BtfBuilder split = BtfBuilder.SplitOn(distilled);
        BtfTypeId pointer = split.AddPointer(new BtfTypeId(1));
        BtfReader moved = BtfDistiller.Relocate(split.ToReader(), b.ToReader());
        Assert.Equal("hidden", moved[moved[new BtfTypeId(pointer.Value + 1)].TypeId].Name);
    }

    [Fact]
    public void An_enum_of_a_size_that_none_has_is_refused()
    {
        var b = new BtfBuilder();
        BtfTypeId state = b.AddEnum("state");
        byte[] bytes = b.ToArray();
        bytes[24 + 8] = 12;
        BtfReader damaged = BtfReader.Read(bytes);
        BtfBuilder split = BtfBuilder.SplitOn(damaged);
        _ = split.AddTypedef("state_t", state);
        Assert.Equal(BpfDiagnosticId.BadBtfType, Assert.Throws<BpfFormatException>(() => BtfDistiller.Distill(split.ToReader())).Id);
    }
}

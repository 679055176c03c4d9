using System;
using System.Linq;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Small files that describe large things: each record is sound, and all together are refused before they take much memory.</summary>
public class ExcessiveObjectTests
{
    private const int Many = 20_000;

    [Fact]
    public void Variables_that_share_a_long_name()
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        string name = new('x', 100_000);
        file.AddVariable(name, file.AddData(".data", new byte[4]), 0, 4);
        BtfTypeId variable = btf.AddVariable(name, BtfLinkage.Global, btf.AddInt("int", 4));
        btf.AddDataSection(".data", 4);
        for (int i = 0; i < Many; i++) btf.AddSectionVariable(new BtfSectionVariable(variable, 0, 4));
        MustBeExcessive(file);
    }

    [Fact]
    public void Structures_that_share_a_large_type()
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        file.AddVariable("ops", file.AddData(".struct_ops", new byte[8]), 0, 8);
        BtfTypeId number = btf.AddInt("int", 4), type = btf.AddStruct("ops", 8);
        for (int i = 0; i < Many; i++) btf.AddMember("member", number, 0);
        BtfTypeId variable = btf.AddVariable("ops", BtfLinkage.Global, type);
        btf.AddDataSection(".struct_ops", 8);
        for (int i = 0; i < Many; i++) btf.AddSectionVariable(new BtfSectionVariable(variable, 0, 8));
        MustBeExcessive(file);
    }

    [Fact]
    public void Maps_that_share_a_large_definition()
    {
        var source = new MapSource();
        BtfTypeId type = source.Number(1);
        source.Fields([.. Enumerable.Repeat(("type", type), Many)]);
        ObjectBuilder file = source.Build(size: Many * 8);
        Assert.True(source.Btf.ToReader().TryFind("map", BtfKind.Variable, out BtfTypeId first));
        for (int i = 0; i < Many; i++) source.Btf.AddSectionVariable(new BtfSectionVariable(first, 0, Many * 8));
        MustBeExcessive(file);
    }

    [Fact]
    public void Symbols_that_share_a_long_name()
    {
        var file = new ObjectBuilder { SharesNames = true };
        int code = file.AddProgram("socket", new string('x', 100_000));
        for (int i = 0; i < Many; i++) file.AddFunction(new string('x', 100_000), code, 0, 2);
        MustBeExcessive(file);
    }

    private static void MustBeExcessive(ObjectBuilder file)
    {
        byte[] image = file.Image;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(BpfDiagnosticId.Excessive, file.Refuse().Id);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (200L * image.Length) + (64 << 20));
    }
}

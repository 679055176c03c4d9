using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Loading;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

/// <summary>What is done with types must survive types that no compiler wrote: loops, wrong kinds, wrong sizes.</summary>
public class DamagedTypesTests
{
    private const int Flips = 3000;
    private static readonly BtfValueFormatOptions Few = new() { MaximumPieces = 500, MaximumElements = 50 };

    public static TheoryData<string> Samples() => ["every kind", "execsnoop.bpf.o", "core_bitfield.bpf.o"];

    private static void Survives(string name, Action<BtfReader> use)
    {
        BtfReader sound = name == "every kind" ? BtfSamples.EveryKind().ToReader() : BtfSamples.OfObject(name)!;
        Damage.MustBeSurvived(Damage.Flips(sound.Raw.ToArray(), Flips, seed: 5), bytes => use(BtfReader.Read(bytes)));
    }

    [Theory, MemberData(nameof(Samples))]
    public void Printing_as_C(string name) => Survives(name, btf =>
    {
        new BtfCPrinter(btf).WriteAll(TextWriter.Null);
        for (int id = 0; id < btf.TypeCount; id++)
        {
            if (btf[new BtfTypeId(id)].IsComposite) _ = BtfCPrinter.Definition(btf, new BtfTypeId(id));
        }
    });

    [Theory, MemberData(nameof(Samples))]
    public void Showing_values(string name) => Survives(name, btf =>
    {
        var formatter = new BtfValueFormatter(btf, Few);
        using var writer = new Utf8JsonWriter(Stream.Null);
        var text = new StringBuilder();
        Span<byte> data = stackalloc byte[64];
        data.Fill(0x81);
        for (int id = 0; id < btf.TypeCount; id++)
        {
            formatter.WriteJson(writer, new BtfTypeId(id), data);
            writer.Reset();
            formatter.Append(text, new BtfTypeId(id), data[..7]);
            text.Clear();
        }
    });

    [Theory, MemberData(nameof(Samples))]
    public void Removing_duplicates(string name) => Survives(name, btf => BtfDeduplication.Run(btf));

    [Theory, MemberData(nameof(Samples))]
    public void Rewriting_for_old_kernels(string name) => Survives(name, btf => BtfReader.Read(BtfSanitizer.Sanitize(btf, BtfFeatures.None)));

    [Theory, MemberData(nameof(Samples))]
    public void Copying_and_distilling(string name) => Survives(name, btf =>
    {
        BtfBuilder split = BtfBuilder.SplitOn(btf);
        for (int id = 1; id < btf.TypeCount; id++) split.AddType(btf[new BtfTypeId(id)]);
        BtfReader copy = split.ToReader();
        _ = BtfDistiller.Relocate(BtfDistiller.Distill(copy), btf);
    });

    [Fact]
    public void Anonymous_structs_that_double_at_each_level_end()
    {
        var b = new BtfBuilder();
        BtfTypeId inner = b.AddInt("int", 4);
        for (int i = 0; i < 60; i++)
        {
            BtfTypeId next = b.AddStruct(null, 8);
            b.AddMember("a", inner, 0);
            b.AddMember("b", inner, 32);
            inner = next;
        }

        BtfTypeId named = b.AddStruct("named", 8);
        b.AddMember("all", inner, 0);
        BtfReader btf = b.ToReader();
        Assert.Throws<BpfFormatException>(() => new BtfCPrinter(btf).Write(TextWriter.Null, named));
        Assert.Throws<BpfFormatException>(() => BtfCPrinter.Definition(btf, named));
        Assert.Equal(4, btf.AlignOf(named));
        Assert.NotEqual("", new BtfValueFormatter(btf, Few).Format(named, new byte[8]));
    }

    [Fact]
    public void Function_types_that_double_at_each_level_end()
    {
        var b = new BtfBuilder();
        BtfTypeId inner = b.AddInt("int", 4);
        for (int i = 0; i < 60; i++)
        {
            BtfTypeId prototype = b.AddFunctionPrototype(inner);
            b.AddParameter("a", inner);
            b.AddParameter("b", inner);
            inner = b.AddPointer(prototype);
        }

        BtfTypeId named = b.AddTypedef("named", inner);
        BtfReader btf = b.ToReader();
        Assert.Throws<BpfFormatException>(() => new BtfCPrinter(btf).Write(TextWriter.Null, named));
        Assert.Throws<BpfFormatException>(() => BtfCPrinter.Declaration(btf, named, "x" + BtfCPrinter.Declaration(btf, inner)));
    }

    [Fact]
    public void A_struct_in_itself_is_refused()
    {
        var b = new BtfBuilder();
        BtfTypeId self = b.AddStruct("self", 8);
        b.AddMember("self", self, 0);
        Assert.Throws<BpfFormatException>(() => new BtfCPrinter(b.ToReader()).WriteAll(TextWriter.Null));
    }
}

using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Loading;
using Xunit;

namespace Bpf.Loader.Tests.Loading;

/// <summary>What the kernel demands of names: kernel/bpf/btf.c.</summary>
public class BtfNameCleanerTests
{
    [Fact]
    public void Names_of_every_kind_become_ones_that_the_kernel_takes()
    {
        var source = new BtfBuilder();
        BtfTypeId number = source.AddInt("unsigned char", 1);
        BtfTypeId structure = source.AddStruct("Option<u8>", 2);
        source.AddMember("0", number, 0);
        source.AddMember("söme", number, 8);
        BtfTypeId union = source.AddUnion("{closure#0}", 1);
        BtfTypeId enumeration = source.AddEnum("core::Kind", 4);
        source.AddEnumerator("a b", 1);
        BtfTypeId forward = source.AddForward("Box<dyn Fn()>");
        BtfTypeId pointer = source.AddPointer(structure);
        source.SetName(pointer, "*mut Option<u8>");
        BtfTypeId alias = source.AddTypedef("type alias", number);
        BtfTypeId prototype = source.AddFunctionPrototype(number);
        source.AddParameter("", number);
        source.AddParameter("a.b", number);
        source.AddParameter("", BtfTypeId.Void);
        BtfTypeId function = source.AddFunction("<impl Foo>::run", BtfLinkage.Static, prototype);
        BtfTypeId variable = source.AddVariable("main.COUNT", BtfLinkage.Global, number);
        BtfTypeId bad = source.AddVariable("[slice]", BtfLinkage.Global, number);
        BtfTypeId tag = source.AddDeclarationTag("any text: <at all>", structure, -1);

        BtfReader clean = Clean(source, takesDots: true);
        Assert.Equal("unsigned char", clean[number].Name); // integers are not looked at
        Assert.Equal("Option_u8_", clean[structure].Name);
        Assert.Equal(["_0", "s__me"], clean[structure].Members.Select(member => member.Name));
        Assert.Equal("_closure_0_", clean[union].Name);
        Assert.Equal("core__Kind", clean[enumeration].Name);
        Assert.Equal(["a_b"], clean[enumeration].Enumerators.Select(enumerator => enumerator.Name));
        Assert.Equal("Box_dyn_Fn___", clean[forward].Name);
        Assert.Equal("", clean[pointer].Name);
        Assert.Equal("type_alias", clean[alias].Name);
        Assert.Equal("_impl_Foo___run", clean[function].Name);
        Assert.Equal(["arg0", "a.b", ""], clean[prototype].Parameters.Select(parameter => parameter.Name));
        Assert.Equal("main.COUNT", clean[variable].Name);
        Assert.Equal("_slice_", clean[bad].Name);
        Assert.Equal("any text: <at all>", clean[tag].Name);

        BtfReader older = Clean(source, takesDots: false);
        Assert.Equal("a_b", older[prototype].Parameters[1].Name);
        Assert.Equal("main.COUNT", older[variable].Name);
    }

    [Fact]
    public void Names_that_are_missing_where_there_must_be_one_are_given()
    {
        var source = new BtfBuilder();
        BtfTypeId number = source.AddInt("int", 4);
        BtfTypeId anonymous = source.AddStruct("", 4);
        source.AddMember("", number, 0);
        BtfTypeId alias = source.AddTypedef("x", number);
        source.SetName(alias, 0);
        BtfReader clean = Clean(source, takesDots: true);
        Assert.Equal(("", "_"), (clean[anonymous].Name, clean[alias].Name));
        Assert.Equal("", clean[anonymous].Members[0].Name);
    }

    [Fact]
    public void Long_names_are_cut_and_right_ones_stay()
    {
        var source = new BtfBuilder();
        BtfTypeId longer = source.AddStruct(new string('a', 129), 0), longest = source.AddStruct(new string('b', 128), 0), lockType = source.AddStruct("bpf_spin_lock", 4);
        var btf = source.ToReader();
        var builder = new BtfBuilder(btf);
        var cleaner = new BtfNameCleaner(btf, builder, takesDots: true, longest: 128);
        cleaner.Clean();
        BtfReader clean = builder.ToReader();
        Assert.Equal([128, 128], new[] { longer, longest }.Select(id => clean[id].Name.Length));
        Assert.Equal("bpf_spin_lock", clean[lockType].Name);
        Assert.Equal([(new string('a', 129), new string('a', 128))], cleaner.Changes);
    }

    private static BtfReader Clean(BtfBuilder source, bool takesDots)
    {
        BtfReader btf = source.ToReader();
        var builder = new BtfBuilder(btf);
        new BtfNameCleaner(btf, builder, takesDots, longest: 128).Clean();
        return builder.ToReader();
    }
}

using System.IO;
using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The BTF reader, with everything that it offers asked for; and what it reads is written and read again as the same.</summary>
internal sealed class BtfTarget() : FuzzTarget("btf")
{
    public override byte[] Make(FuzzRandom random) => Seeds.MutatedTypes(random);

    public override void Run(byte[] input)
    {
        BtfReader btf = BtfReader.Read(input);
        for (int id = 0; id < btf.TypeCount; id++) Read(btf, btf[new BtfTypeId(id)]);
        BtfReader again = BtfReader.Read(new BtfBuilder(btf).ToArray(btf.IsBigEndian));
        Oracle.Same(Text(btf), Text(again), "types that were written and read again are others");
    }

    private static void Read(BtfReader btf, BtfType type)
    {
        Oracle.Require(type.ToString() is not null, "a type without text");
        if (btf.TryGetSize(type.Id, out uint size)) Oracle.Require(size == btf.SizeOf(type.Id), "a size that is two");
        Oracle.Require(btf.AlignOf(type.Id) is >= 1 and <= 8, "an alignment that is none");
        if (!type.NameUtf8.IsEmpty) Oracle.Require(btf.TryFind(type.NameUtf8, type.Kind, out BtfTypeId found) && found <= type.Id, "a type that is not found by its name");
        foreach (BtfMember member in type.Members) Oracle.Require(btf.Contains(member.TypeId) && member.Name is not null, "a member of no type");
        foreach (BtfEnumerator value in type.Enumerators) Oracle.Require(value.Name is not null, "a value without a name");
        foreach (BtfParameter parameter in type.Parameters) Oracle.Require(btf.Contains(parameter.TypeId) && parameter.Name is not null, "a parameter of no type");
        foreach (BtfSectionVariable variable in type.Variables) Oracle.Require(btf.Contains(variable.TypeId), "a variable of no type");
        try
        {
            Oracle.Require(!btf.StripModifiers(type.Id).IsModifier, "a qualifier below the qualifiers");
        }
        catch (BpfFormatException)
        {
            // A loop of qualifiers stops nothing but this.
        }
    }

    private static string Text(BtfReader btf)
    {
        var text = new StringWriter();
        BtfRawPrinter.Write(text, btf);
        return text.ToString();
    }
}

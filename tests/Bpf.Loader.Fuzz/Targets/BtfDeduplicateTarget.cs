using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Types without their duplicates: fewer, sound, each type still there, and the same every time.</summary>
internal sealed class BtfDeduplicateTarget() : FuzzTarget("btf-dedup")
{
    // The same types twice are what there is to remove.
    public override byte[] Make(FuzzRandom random)
    {
        byte[] types = Seeds.MutatedTypes(random);
        return Parcel.Pack(types, random.Once(2) ? types : Seeds.MutatedTypes(random));
    }

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 2);
        BtfReader first = BtfReader.Read(parts[0]);
        var all = new BtfBuilder(first);
        if (parts[1].Length > 0) all.AddAll(BtfReader.Read(parts[1]));
        BtfReader btf = all.ToReader();

        BtfDeduplication result = BtfDeduplication.Run(btf);
        Oracle.Require(result.Types.TypeCount <= btf.TypeCount, "there are more types without duplicates than with them");
        for (int id = 0; id < btf.TypeCount; id++)
        {
            BtfType before = btf[new BtfTypeId(id)], after = result.Types[result[before.Id]];
            bool isSame = before.Kind == after.Kind || (before.Kind == BtfKind.Forward && after.IsComposite) || (before.Kind is BtfKind.Enum or BtfKind.Enum64 && after.Kind is BtfKind.Enum or BtfKind.Enum64);
            Oracle.Require(isSame && before.NameUtf8.SequenceEqual(after.NameUtf8), "a type became another");
        }

        BtfReader again = BtfReader.Read(result.Types.Raw);
        Oracle.Same(again.Raw.Span, BtfDeduplication.Run(btf).Types.Raw.Span, "the types without duplicates are others the second time");
    }
}

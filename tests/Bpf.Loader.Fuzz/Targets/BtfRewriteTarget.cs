using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Loading;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Types that are written for old kernels, copied, distilled and moved onto others.</summary>
internal sealed class BtfRewriteTarget() : FuzzTarget("btf-rewrite")
{
    public override byte[] Make(FuzzRandom random) => Parcel.Pack(Seeds.MutatedTypes(random), Seeds.MutatedTypes(random));

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 2);
        BtfReader btf = BtfReader.Read(parts[0]);
        BtfReader sanitized = BtfReader.Read(BtfSanitizer.Sanitize(btf, BtfFeatures.None));
        Oracle.Require(sanitized.TypeCount >= btf.TypeCount, "types were lost for old kernels");

        BtfBuilder split = BtfBuilder.SplitOn(btf);
        for (int id = 1; id < btf.TypeCount; id++)
        {
            // What refers to variables and functions is not distilled, and refuses all the rest.
            if (btf[new BtfTypeId(id)].Kind is not (BtfKind.DataSection or BtfKind.DeclarationTag)) split.AddType(btf[new BtfTypeId(id)]);
        }

        BtfReader copy = split.ToReader(), distilled = BtfDistiller.Distill(copy);
        _ = BtfDistiller.Relocate(distilled, btf);
        _ = BtfDistiller.Relocate(distilled, BtfReader.Read(parts[1]));
    }
}

using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The reader of <c>.BTF.ext</c>, with everything that it offers asked for; and what it reads is written and read again as the same.</summary>
internal sealed class BtfExtTarget() : FuzzTarget("btf-ext")
{
    public override byte[] Make(FuzzRandom random)
    {
        int seed = random.Next(Seeds.Exts.Count);
        return Parcel.Pack(Mutator.Mutate(Seeds.Exts[seed], random, random.Pick(Seeds.Exts).Image), random.Once(3) ? Seeds.MutatedTypes(random) : random.Pick(Seeds.Types).Image);
    }

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 2);
        BtfReader btf = BtfReader.Read(parts[1]);
        BtfExtReader ext = BtfExtReader.Read(parts[0]);
        int functions = 0, lines = 0, relocations = 0;
        var copy = new BtfExtBuilder();
        foreach (BtfExtSection<BtfFuncInfo> section in ext.Functions)
        {
            foreach (BtfFuncInfo record in section)
            {
                _ = btf.Contains(record.TypeId);
                copy.Add(section.NameOffset, record);
                functions++;
            }
        }

        foreach (BtfExtSection<BtfLineInfo> section in ext.Lines)
        {
            foreach (BtfLineInfo record in section)
            {
                Try(() => record.GetFileName(btf) + record.GetText(btf));
                copy.Add(section.NameOffset, record);
                lines++;
            }
        }

        foreach (BtfExtSection<BtfCoReRecord> section in ext.CoReRecords)
        {
            foreach (BtfCoReRecord record in section)
            {
                Try(() => record.GetAccessString(btf));
                copy.Add(section.NameOffset, record);
                relocations++;
            }
        }

        if (copy.IsEmpty) return;
        BtfExtReader again = BtfExtReader.Read(copy.ToArray());
        foreach (BtfExtSection<BtfFuncInfo> section in again.Functions) functions -= section.Count;
        foreach (BtfExtSection<BtfLineInfo> section in again.Lines) lines -= section.Count;
        foreach (BtfExtSection<BtfCoReRecord> section in again.CoReRecords) relocations -= section.Count;
        Oracle.Require((functions, lines, relocations) == (0, 0, 0), "records that were written and read again are more or fewer");
    }

    // A record with a name outside of the strings stops nothing but itself.
    private static void Try(Func<string> read)
    {
        try
        {
            Oracle.Require(read() is not null, "a record without text");
        }
        catch (BpfFormatException)
        {
        }
    }
}

using System;
using System.IO;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Tool.Output;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Types printed in every form: what is printed is the same every time, and harms no terminal.</summary>
internal sealed class BtfPrintTarget() : FuzzTarget("btf-print")
{
    // A printer remembers what it has printed of all types, so that one for each is quadratic.
    private const int SinglePrints = 8;

    // Types that double with each of their levels are given up after some megabytes, in each form anew.
    private const long PrintBase = 64 << 20, PrintPerByte = 400;

    // What each form takes is looked at one by one.
    public override long AllocationBase => 1 << 30;

    public override byte[] Make(FuzzRandom random) => Seeds.MutatedTypes(random);

    public override void Run(byte[] input)
    {
        BtfReader btf = BtfReader.Read(input);
        byte[] raw = Print(btf, "raw");
        Oracle.Printable(Encoding.UTF8.GetString(raw), "the raw dump");
        byte[] json = Print(btf, "json");
        Oracle.Json(json, "the dump as JSON");
        BpfFormatException? refusal = null;
        Try(() =>
        {
            byte[] c = Print(btf, "c");
            Oracle.Printable(Encoding.UTF8.GetString(c), "the dump as C");
            Oracle.Same(c, Print(btf, "c"), "the dump as C is another the second time");
        });

        // A type that C has no words for stops the whole dump, and nothing here.
        for (int i = 1; i < btf.TypeCount; i++)
        {
            BtfTypeId id = new(i);
            if (btf[id].IsComposite) Try(() => Oracle.Printable(BtfCPrinter.Definition(btf, id), "a definition"));
            Try(() => Oracle.Printable(BtfCPrinter.Declaration(btf, id, "name"), "a declaration"));
            if (i < SinglePrints) Try(() => new BtfCPrinter(btf).Write(TextWriter.Null, id));
        }

        if (refusal is not null) throw refusal;

        void Try(Action print)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                print();
            }
            catch (BpfFormatException e)
            {
                refusal ??= e;
            }

            Oracle.Require(GC.GetAllocatedBytesForCurrentThread() - before <= PrintBase + (PrintPerByte * input.Length), "too much was allocated to print");
        }
    }

    private static byte[] Print(BtfReader btf, string format)
    {
        var output = new MemoryStream();
        BtfDump.Write(output, btf, format, []);
        return output.ToArray();
    }
}

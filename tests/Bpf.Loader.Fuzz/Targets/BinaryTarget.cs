using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Usdt;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>A program or library that probes are put into: its functions, its versions, its USDT probes, and the places of each.</summary>
internal sealed class BinaryTarget() : FuzzTarget("binary")
{
    private static readonly string[] Functions = ["f", "g", "i", "f@V1", "f@@V2", "elsewhere", "table", "missing", ""];

    public override byte[] Make(FuzzRandom random)
    {
        Layout layout = random.Once(10) ? random.Pick(Seeds.Objects) : random.Pick(BinarySeeds.Binaries);
        return Mutator.Mutate(layout, random, random.Pick(BinarySeeds.Binaries).Image);
    }

    public override void Run(byte[] input)
    {
        using var image = new BinaryImage(new MemoryBytes(input), "damaged");
        BpfLoaderException? refusal = null;
        foreach (string function in Functions) Try(() => BinarySymbols.FindFunction(image, function));
        Try(() => BinarySymbols.FindPattern(image, "*").All(found => found.Name.Length > 0));
        Try(() => BinaryFunctionList.Read(image).All(function => function.ToString().Length > 0));
        Try(() => UsdtNoteReader.Read(image).Count);
        Try(() => UsdtProbeList.Read(image).Count);
        Try(() => BuildIdNote.Read(image).Length);
        Try(() => image.SharedName?.Length);
        Try(() =>
        {
            IReadOnlyList<UsdtSite> sites = UsdtSite.Find(image, "p", "first");
            var symbols = new UsdtSymbols(image);
            return sites.Sum(site => UsdtArguments.Parse(site.Arguments, new UsdtPlace(image.Machine, site.Address, IsFixed: false, symbols)).Count);
        });
        if (refusal is not null) throw refusal;

        // A table that is damaged stops what needs it, and not the rest.
        void Try<T>(Func<T> read)
        {
            try
            {
                _ = read();
            }
            catch (BpfLoaderException e)
            {
                Oracle.Require(e.Message.Length > 0, "an error without text");
                refusal ??= e;
            }
        }
    }
}

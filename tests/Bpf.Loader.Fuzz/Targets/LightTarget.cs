using System;
using System.Linq;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Light;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Light objects that are damaged: what is read is written again as the same.</summary>
internal sealed class LightTarget() : FuzzTarget("light")
{
    private static readonly Lazy<Layout[]> Images = new(() =>
        [.. new[] { "data_globals.bpf.o", "maps_inner.bpf.o", "maps_prog_array.bpf.o", "extern_kconfig.bpf.o" }.Select(static name => new Layout(BpfLightFile.Create(BpfObjectFile.Read(Seeds.Object(name), name)).ToArray(), isBigEndian: false))]);

    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => Mutator.Mutate(random.Pick(Images.Value), random, random.Pick(Images.Value).Image);

    public override void Run(byte[] input)
    {
        BpfLightFile light = BpfLightFile.Read(input);
        Oracle.Require(light.ToArray().AsSpan().SequenceEqual(input), "other bytes than were read");

        // Zeros take no memory before somebody asks for them, as many as the sizes say.
        foreach (BpfLightMap map in light.Maps)
        {
            if (map.ValueSize <= input.Length) _ = map.InitialValue.Span.Length;
        }
    }
}

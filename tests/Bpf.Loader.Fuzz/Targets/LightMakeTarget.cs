using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Light;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Damaged objects, for which a loader program is made: it is read again.</summary>
internal sealed class LightMakeTarget() : FuzzTarget("light-make")
{
    // A relocation may multiply the code of a function, once for each program that calls it.
    public override long AllocationBase => 16 << 20;

    public override long AllocationPerByte => 4000;

    public override byte[] Make(FuzzRandom random) => Seeds.MutatedObject(random);

    public override void Run(byte[] input)
    {
        BpfLightFile light = BpfLightFile.Create(BpfObjectFile.Read(input, "damaged"), new BpfLightOptions { IsBound = input.Length % 2 == 0 });
        Oracle.Require(light.Instructions.Length > 0, "no loader");
    }
}

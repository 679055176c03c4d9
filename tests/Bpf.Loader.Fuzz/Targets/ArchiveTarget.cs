using Bpf.Loader.Elf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Libraries in archives: what is found lies within the archive.</summary>
internal sealed class ArchiveTarget() : FuzzTarget("archive")
{
    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => Mutator.Mutate(random.Pick(BinarySeeds.Archives), random);

    public override void Run(byte[] input)
    {
        var zip = new MemoryBytes(input);
        _ = ZipArchiveIndex.FindMapped(zip, "a.apk", "x.so", 400);
        (long start, long length) = ZipArchiveIndex.FindStored(zip, "a.apk", "lib/x.so");
        Oracle.Require(start >= 0 && length >= 0 && start + length <= input.Length, "an entry beyond the archive");
    }
}

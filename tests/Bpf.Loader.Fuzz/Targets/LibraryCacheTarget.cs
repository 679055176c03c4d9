using System.Runtime.InteropServices;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The cache of the dynamic loader, which a container brings along.</summary>
internal sealed class LibraryCacheTarget() : FuzzTarget("ld-cache")
{
    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => Mutator.Mutate(random.Pick(BinarySeeds.Caches), random);

    public override void Run(byte[] input)
    {
        foreach (Architecture architecture in (Architecture[])[Architecture.X64, Architecture.Arm64, Architecture.S390x])
            Oracle.Require(LibraryCache.Find(input, "libx.so.1"u8, architecture) != "", "a library without a path");
    }
}

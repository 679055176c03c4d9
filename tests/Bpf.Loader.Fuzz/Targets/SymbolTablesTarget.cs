using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Symbols;
using Bpf.Loader.Symbols.Binaries;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Binaries whose functions are to be found by their addresses: a damaged one has fewer names, and nothing worse.</summary>
internal sealed class SymbolTablesTarget() : FuzzTarget("symbol-tables")
{
    public override byte[] Make(FuzzRandom random) => Mutator.Mutate(random.Pick(BinarySeeds.Binaries), random);

    public override void Run(byte[] input)
    {
        if (ElfBinary.Read(new MemoryBytes(input)) is not ElfBinary binary) return;
        _ = binary.Find(".gnu_debuglink");
        using BinaryModule module = BinaryModule.Read("damaged", binary, null);
        for (ulong offset = 0; offset < (ulong)input.Length; offset += 64)
        {
            Symbol symbol = module.Find(offset, demangle: true);
            Oracle.Require(symbol.Name is not null && symbol.RawName is not null && symbol.Module == "damaged", "a symbol without a name");
        }
    }
}

using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>A kernel of which only the types are known: whatever they do not tell is taken to be there.</summary>
internal sealed class AssumedFacts(BpfObjectFile file, ITargetTypes types) : IKernelFacts
{
    public BtfReader Kernel => types.Kernel;

    public IReadOnlyList<BtfReader> Modules => types.Modules;

    public string? Name => null; // the caller says of which kernel it tells

    public uint Version => 0;

    public bool HasCookie => true;

    public bool HasSyscallWrapper => true;

    public bool TryGetConfig(string name, out string value)
    {
        // Which value an option has decides at the load, and not here, what code is reached.
        value = file.Externs[name].ConfigType switch
        {
            KernelConfigType.Integer => "0",
            KernelConfigType.CharArray => "\"\"",
            _ => "n",
        };
        return true;
    }

    public IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names) =>
        names.Distinct().ToDictionary(static name => name, static _ => new KernelSymbolAddress(1, false));
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>The running kernel, as relocation sees it. Everything is looked up when it is asked for, and at most once a load.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelFacts(BpfObjectFile file, string? config, KernelFeatures features) : IKernelFacts
{
    private readonly Lazy<KernelConfig> _config = new(() => KernelConfig.Read(
        file.Externs.Where(static e => e.Kind == BpfExternKind.KernelConfig && e.Name.StartsWith("CONFIG_", StringComparison.Ordinal)).Select(static e => e.Name), config));

    private IReadOnlyList<KernelModuleBtf>? _modules;
    private BtfReader[]? _moduleTypes;

    public BtfReader Kernel => KernelBtf.Vmlinux;

    public IReadOnlyList<BtfReader> Modules => _moduleTypes ??= [.. ModuleList.Select(static module => module.Types)];

    /// <summary>The modules with their names.</summary>
    public IReadOnlyList<KernelModuleBtf> ModuleList => _modules ??= features.Expects(KernelFeature.ModuleBtf) ? KernelBtf.Modules : [];

    public string? Name => null;

    public uint Version => KernelVersion.Current.Code;

    public bool HasCookie => features.Expects(KernelFeature.BpfCookie);

    public bool HasSyscallWrapper => features.Expects(KernelFeature.SyscallWrapper);

    /// <summary>The BTF of a module as the kernel holds it. It stays the module's: who keeps it duplicates it.</summary>
    /// <exception cref="BpfException">The process may not open the BTF of modules.</exception>
    public FileDescriptorHandle GetModuleHandle(BtfReader types)
    {
        KernelModuleBtf module = ModuleList.First(candidate => ReferenceEquals(candidate.Types, types));
        return module.Handle ?? throw Refusal.Of(BpfCommand.BtfGetFdById, Errno.EPERM, $"BTF of module '{module.Name}'");
    }

    public bool TryGetConfig(string name, out string value)
    {
        bool isSet = _config.Value.TryGet(name, out string? found);
        value = found ?? "";
        return isSet;
    }

    /// <summary>The symbols that were looked for and are there, but whose addresses are hidden from the process and read as 0.</summary>
    public IReadOnlyCollection<string> HiddenSymbols { get; private set; } = [];

    public IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names)
    {
        IReadOnlyDictionary<string, KernelSymbolAddress> found = FindAddresses(names, out bool areHidden);
        if (areHidden) HiddenSymbols = [.. found.Keys];
        return found;
    }

    public string? FindElsewhere(BtfKind kind, string name) => features.Expects(KernelFeature.ModuleBtf) ? UnloadedModules.Explain(name, kind) : null;

    public string? FindNearSymbol(string name) => KernelSymbols.FindNear(name);

    public string? FindNearConfig(string name) => KernelConfig.FindNear(name);

    /// <summary>The addresses of symbols of the running kernel.</summary>
    /// <param name="names">The symbols.</param>
    /// <param name="areHidden">Whether the kernel says 0 for each, because the process has no right to see them.</param>
    /// <exception cref="BpfException">They cannot be read.</exception>
    public static IReadOnlyDictionary<string, KernelSymbolAddress> FindAddresses(IReadOnlyCollection<string> names, out bool areHidden)
    {
        KernelSymbols symbols = ReadSymbols(names);
        areHidden = symbols.AreAddressesHidden;
        var found = new Dictionary<string, KernelSymbolAddress>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (symbols.TryGet(name, out KernelSymbolMatch match)) found[name] = new KernelSymbolAddress(match.Address, match.IsAmbiguous);
        }

        return found;
    }

    private static KernelSymbols ReadSymbols(IReadOnlyCollection<string> names)
    {
        try
        {
            return KernelSymbols.Find(names);
        }
        catch (BpfException failure)
        {
            throw new BpfException("open", failure.Errno, "/proc/kallsyms", "It tells the addresses of kernel symbols (CONFIG_KALLSYMS).", BpfDiagnosticId.NoKernelSymbols);
        }
    }
}

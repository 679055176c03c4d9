using System;
using System.Collections.Generic;
using System.IO;
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
    public IReadOnlyList<KernelModuleBtf> ModuleList => _modules ??= features.Supports(KernelFeature.ModuleBtf) ? KernelBtf.Modules : [];

    public uint Version => KernelVersion.Current.Code;

    public bool HasCookie => features.Supports(KernelFeature.BpfCookie);

    public bool HasSyscallWrapper => features.Supports(KernelFeature.SyscallWrapper);

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

    public IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names) => FindAddresses(names);

    /// <summary>The addresses of symbols of the running kernel.</summary>
    /// <exception cref="BpfException">They cannot be read, or are hidden from the process.</exception>
    public static IReadOnlyDictionary<string, KernelSymbolAddress> FindAddresses(IReadOnlyCollection<string> names)
    {
        KernelSymbols symbols = ReadSymbols(names);
        if (symbols.AreAddressesHidden)
            throw new BpfException("read", Errno.EPERM, "/proc/kallsyms", "It hides all addresses: the process needs CAP_SYSLOG, and kernel.kptr_restrict must be at most 1.", BpfDiagnosticId.NoKernelSymbols);
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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BpfException("open", failure is UnauthorizedAccessException ? Errno.EACCES : Errno.ENOENT, "/proc/kallsyms", "It tells the addresses of kernel symbols (CONFIG_KALLSYMS).", BpfDiagnosticId.NoKernelSymbols);
        }
    }
}

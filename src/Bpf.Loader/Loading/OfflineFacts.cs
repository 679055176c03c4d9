using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// A kernel of which only the types are known: those that are relocated against or, where none are given, those that the running
/// kernel shows as files. Only what is no type, the address of a symbol, is the running kernel's in any case.
/// </summary>
internal sealed class OfflineFacts(BpfObjectFile file, ITargetTypes? target) : IKernelFacts
{
    private BtfReader? _kernel;
    private IReadOnlyList<BtfReader>? _modules;

    public BtfReader Kernel => _kernel ??= target?.Kernel ?? RunningKernel();

    public IReadOnlyList<BtfReader> Modules => _modules ??= target?.Modules ?? RunningModules();

    public string? Name => target switch
    {
        null => null,
        TargetTypes { Name: string name } => $"'{name}'",
        _ => "the types that are relocated against",
    };

    // What the following answers decide is in the contents of the map .kconfig, never in the instructions.
    public uint Version => 0;

    public bool HasCookie => false;

    public bool HasSyscallWrapper => false;

    /// <summary>
    /// False for kernels before 5.5, which had one helper to read kernel and user memory. The kernel's own list of helpers is in its
    /// BTF, as an enum.
    /// </summary>
    public bool HasProbeReadKernel
    {
        get
        {
            BtfReader types = Kernel;
            if (!types.TryFind("bpf_func_id"u8, BtfKind.Enum, out BtfTypeId id))
                return true;
            foreach (BtfEnumerator helper in types[id].Enumerators)
            {
                if (helper.NameUtf8.SequenceEqual("BPF_FUNC_probe_read_kernel"u8))
                    return true;
            }

            return false;
        }
    }

    public bool TryGetConfig(string name, out string value)
    {
        BpfExternDefinition definition = file.Externs.First(candidate => candidate.Name == name);
        value = definition.ConfigType switch
        {
            KernelConfigType.Integer => "0",
            KernelConfigType.CharArray => "\"\"",
            _ => "n",
        };
        return true;
    }

    public IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names) => OperatingSystem.IsLinux()
        ? KernelFacts.FindAddresses(names, out _)
        : throw new BpfNotSupportedException("the address of a kernel symbol without type", null, BpfCommand.ProgLoad, hint: "Only the running kernel knows it.");

    public string? FindNearSymbol(string name) => OperatingSystem.IsLinux() ? KernelSymbols.FindNear(name) : null;

    private static BtfReader RunningKernel() => OperatingSystem.IsLinux()
        ? KernelBtf.Vmlinux
        : throw new PlatformNotSupportedException("The types of the running kernel are wanted, and it is not Linux: give the types of the kernel that is meant.");

    private static BtfReader[] RunningModules() => OperatingSystem.IsLinux() ? ModulesFromFiles() : [];

    [SupportedOSPlatform("linux")]
    private static BtfReader[] ModulesFromFiles() => [.. ModuleBtfCatalog.Files.Select(static module => module.Types)];
}

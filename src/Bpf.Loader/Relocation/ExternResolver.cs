using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Finds what the externs of an object stand for on a kernel. A failure is kept with its extern: it stops the programs that use
/// it, and no other.
/// </summary>
internal sealed class ExternResolver
{
    private readonly BpfObjectFile _file;
    private readonly IKernelFacts _kernel;
    private readonly List<BtfReader> _callModules = [];

    private ExternResolver(BpfObjectFile file, IKernelFacts kernel)
    {
        _file = file;
        _kernel = kernel;
    }

    /// <summary>Resolves all externs, in the order of the object.</summary>
    /// <param name="file">The object.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="callModules">The modules whose functions are called, in the order of their index, which begins with 1.</param>
    public static Dictionary<BpfExternDefinition, ResolvedExtern> Resolve(BpfObjectFile file, IKernelFacts kernel, out IReadOnlyList<BtfReader> callModules)
    {
        var resolver = new ExternResolver(file, kernel);
        var resolved = file.Externs.ToDictionary(static e => e, static e => new ResolvedExtern(e));
        foreach (BpfExternDefinition definition in file.Externs)
        {
            ResolvedExtern result = resolved[definition];
            try
            {
                if (definition.Kind == BpfExternKind.KernelConfig) resolver.ResolveConfig(result);
                else if (definition.IsFunction && !definition.IsTypeless) resolver.ResolveFunction(result);
                else if (!definition.IsTypeless) resolver.ResolveVariable(result);
            }
            catch (BpfLoaderException failure)
            {
                result.Failure = failure;
            }
        }

        resolver.ResolveAddresses([.. resolved.Values.Where(static r => r.Definition.IsTypeless)]);
        foreach (ResolvedExtern result in resolved.Values)
        {
            if (!result.IsResolved && !result.Definition.IsWeak) result.Failure ??= Missing(result.Definition, kernel);
        }

        callModules = resolver._callModules;
        return resolved;
    }

    private void ResolveConfig(ResolvedExtern result)
    {
        BpfExternDefinition definition = result.Definition;
        if (!_file.Maps.TryGet(".kconfig", out BpfMapDefinition? map)) return;
        Span<byte> target = map.InitialValue.Span.Slice((int)definition.Offset, (int)definition.Size);
        switch (definition.Name)
        {
            case "LINUX_KERNEL_VERSION":
                KernelConfigWriter.WriteNumber(definition, _kernel.Version, target);
                break;
            case "LINUX_HAS_BPF_COOKIE":
                KernelConfigWriter.WriteNumber(definition, _kernel.HasCookie ? 1u : 0u, target);
                break;
            case "LINUX_HAS_SYSCALL_WRAPPER":
                KernelConfigWriter.WriteNumber(definition, _kernel.HasSyscallWrapper ? 1u : 0u, target);
                break;
            case string name when name.StartsWith("CONFIG_", StringComparison.Ordinal):
                if (!_kernel.TryGetConfig(name, out string value)) return;
                KernelConfigWriter.Write(definition, value, target);
                break;
            case string name when name.StartsWith("LINUX_", StringComparison.Ordinal) && definition.IsWeak:
                return; // A virtual value that this library does not know: 0.
            default:
                throw new BpfFormatException(
                    $"The __kconfig extern '{definition.Name}' is neither CONFIG_* nor one of LINUX_KERNEL_VERSION, LINUX_HAS_BPF_COOKIE and LINUX_HAS_SYSCALL_WRAPPER.",
                    ".kconfig", null, BpfDiagnosticId.BadKernelConfigValue);
        }

        result.IsResolved = true;
    }

    private void ResolveFunction(ResolvedExtern result)
    {
        BpfExternDefinition definition = result.Definition;
        if (!TryFind(definition.EssentialName, BtfKind.Function, out BtfReader btf, out BtfTypeId id)) return;
        if (!AreCompatible(definition, btf, btf[id].TypeId))
        {
            if (definition.IsWeak) return;
            throw Incompatible(definition, btf, btf[id].TypeId);
        }

        result.IsResolved = true;
        result.TypeId = id;
        if (btf == _kernel.Kernel) return;
        result.Module = btf;
        int index = _callModules.IndexOf(btf);
        if (index < 0)
        {
            index = _callModules.Count;
            _callModules.Add(btf);
        }

        // Index 0 means the kernel itself; the instruction has 15 bits for it.
        result.ModuleIndex = index + 1;
        if (result.ModuleIndex > short.MaxValue)
            throw new BpfFormatException($"The kernel function '{definition.Name}' is in the {result.ModuleIndex}th module that the object calls; {short.MaxValue} can be told apart.", ".ksyms", null, BpfDiagnosticId.IncompatibleExtern);
    }

    private void ResolveVariable(ResolvedExtern result)
    {
        BpfExternDefinition definition = result.Definition;
        if (!TryFind(definition.Name, BtfKind.Variable, out BtfReader btf, out BtfTypeId id)) return;
        BtfTypeId type = btf.StripModifiers(btf[id].TypeId).Id;
        if (!AreCompatible(definition, btf, type)) throw Incompatible(definition, btf, type);
        result.IsResolved = true;
        result.TypeId = id;
        if (btf != _kernel.Kernel) result.Module = btf;
    }

    private bool AreCompatible(BpfExternDefinition definition, BtfReader btf, BtfTypeId type) =>
        new CoReTypeCompatibility(_file.Btf!, btf, new CoReBudget()).Types(definition.TypeId, type) == CoReMatch.Yes;

    private bool TryFind(string name, BtfKind kind, out BtfReader btf, out BtfTypeId id)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        btf = _kernel.Kernel;
        if (btf.TryFind(utf8, kind, out id)) return true;
        foreach (BtfReader module in _kernel.Modules)
        {
            if (!module.TryFindOwn(utf8, kind, out id)) continue;
            btf = module;
            return true;
        }

        return false;
    }

    private void ResolveAddresses(IReadOnlyCollection<ResolvedExtern> typeless)
    {
        if (typeless.Count == 0) return;
        try
        {
            IReadOnlyDictionary<string, KernelSymbolAddress> found = _kernel.FindSymbols([.. typeless.Select(static r => r.Definition.Name)]);
            foreach (ResolvedExtern result in typeless)
            {
                if (!found.TryGetValue(result.Definition.Name, out KernelSymbolAddress symbol)) continue;
                result.IsResolved = !symbol.IsAmbiguous;
                result.Address = symbol.Address;
                if (symbol.IsAmbiguous)
                    result.Failure = new BpfFormatException($"The kernel has several symbols '{result.Definition.Name}' at different addresses: give the extern a type, so that it is found in BTF.", ".ksyms", null, BpfDiagnosticId.AmbiguousSymbol);
            }
        }
        catch (BpfException failure)
        {
            foreach (ResolvedExtern result in typeless) result.Failure ??= failure;
        }
    }

    private BpfFormatException Incompatible(BpfExternDefinition definition, BtfReader btf, BtfTypeId type) => new(
        $"The extern '{definition.Name}' is declared with a type ({_file.Btf![definition.TypeId]}) that is incompatible with that of {_kernel.Name ?? "the kernel"} ({btf[type]}): correct the declaration, or make it weak.",
        ".ksyms", null, BpfDiagnosticId.IncompatibleExtern);

    private static BpfNotSupportedException Missing(BpfExternDefinition definition, IKernelFacts kernel)
    {
        (string what, BtfKind kind) = definition switch
        {
            { Kind: BpfExternKind.KernelConfig } => ($"The configuration option {definition.Name}", BtfKind.Void),
            { IsFunction: true } => ($"The kernel function {definition.Name}", BtfKind.Function),
            _ => ($"The kernel symbol {definition.Name}", BtfKind.Variable),
        };
        string? near = kind == BtfKind.Void ? kernel.FindNearConfig(definition.Name)
            : definition.IsTypeless ? kernel.FindNearSymbol(definition.EssentialName)
            : FindNear(definition.EssentialName, kind, kernel.Kernel);
        string cause = kind == BtfKind.Void ? "The configuration that the kernel was built with does not set it."
            : definition.IsTypeless ? "/proc/kallsyms has no symbol of that name."
            : $"The types of {kernel.Name ?? "the kernel and of the modules that are loaded"} were looked through: names come and go with kernels.";
        string? elsewhere = near is null && kind == BtfKind.Function ? kernel.FindElsewhere(kind, definition.EssentialName) : null;
        string cure = kind == BtfKind.Void ? "Declare it __weak if the program can do without it: then it is 0."
            : $"Declare it __weak and test it before {(kind == BtfKind.Function ? "the call" : "its use")}, if the program can do without it: if (bpf_ksym_exists({definition.Name})).";
        return new BpfNotSupportedException(
            BpfDiagnosticId.MissingExtern, what, null, BpfCommand.ProgLoad, hint: string.Join(' ', ((string?[])[near, elsewhere, cure]).Where(static part => part is not null)), kernel: kernel.Name, cause: cause);
    }

    private static string? FindNear(string name, BtfKind kind, BtfReader types)
    {
        var close = new CloseNames(name);
        for (int id = types.FirstId; id < types.TypeCount; id++)
        {
            BtfType type = types[new BtfTypeId(id)];
            if (type.Kind == kind) close.Add(type.Name);
        }

        return close.Question;
    }
}

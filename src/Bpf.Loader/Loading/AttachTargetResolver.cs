using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>
/// Finds in BTF what a program attaches to: the verifier checks the program against the types of that function, so it must be
/// known at the load.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class AttachTargetResolver
{
    /// <summary>The target of a program; 0 when its kind needs none.</summary>
    /// <exception cref="BpfException">The target is not said, or does not exist.</exception>
    public static AttachTarget Resolve(LoadContext context, BpfProgramDefinition program)
    {
        if (context.Targets.TryGetValue(program, out AttachTarget known)) return known;
        SectionTraits traits = program.SectionDefinition?.Traits ?? SectionTraits.None;
        bool isMulti = program.SectionDefinition?.AttachKind == AttachKind.TrampolineMulti;
        context.Options.AttachPrograms.TryGetValue(program.Name, out BpfProgram? other);
        if ((traits & SectionTraits.NeedsTarget) == 0 && !isMulti && other is null)
        {
            if (program.Type == BpfProgramType.StructOps) throw Fail(program, "no struct_ops map of the object names it");
            return default;
        }

        AttachTarget target = isMulti ? ResolveModule(context, program) : Find(context, program, other);
        context.Targets.Add(program, target);
        return target;
    }

    private static AttachTarget Find(LoadContext context, BpfProgramDefinition program, BpfProgram? other)
    {
        if (program.AttachTarget is not { Length: > 0 } name)
            throw Fail(program, $"its section '{program.SectionName}' does not say what it attaches to; write '{program.SectionName}/NAME' or set AttachTarget before the load");
        if (other is not null) return FindInProgram(program, other, name);
        if (program.Type == BpfProgramType.Ext)
            throw Fail(program, "it replaces a function of another BPF program, which must be given in BpfLoadOptions.AttachPrograms");

        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string? module = colon < 0 ? null : name[..colon];
        string function = name[(colon + 1)..];
        (string prefix, BtfKind kind) = AttachTargetNames.Of(program.ExpectedAttachType);
        byte[] utf8 = Encoding.UTF8.GetBytes(prefix + function);

        if ((module is null || "vmlinux".StartsWith(module, StringComparison.Ordinal)) && context.Kernel.Kernel.TryFind(utf8, kind, out BtfTypeId id)) return new AttachTarget((uint)id.Value, null);
        foreach (KernelModuleBtf candidate in context.Kernel.ModuleList)
        {
            if (module is not null && candidate.Name != module) continue;
            if (candidate.Types.TryFindOwn(utf8, kind, out id)) return new AttachTarget((uint)id.Value, context.Kernel.GetModuleHandle(candidate.Types).Duplicate());
        }

        throw Fail(program, Explain(context, module, function, prefix), Errno.ESRCH);
    }

    private static AttachTarget ResolveModule(LoadContext context, BpfProgramDefinition program)
    {
        string name = program.AttachTarget ?? "";
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || name[..colon] == "vmlinux") return default;
        foreach (KernelModuleBtf candidate in context.Kernel.ModuleList)
        {
            if (candidate.Name == name[..colon]) return new AttachTarget(0, context.Kernel.GetModuleHandle(candidate.Types).Duplicate());
        }

        throw Fail(program, $"the module '{name[..colon]}' is not loaded, or has no BTF");
    }

    private static AttachTarget FindInProgram(BpfProgramDefinition program, BpfProgram other, string name)
    {
        BtfReader btf = ProgramBtf.Read(other)
            ?? throw Fail(program, $"the program '{other.Name}' that it attaches to was loaded without BTF");
        return btf.TryFind(name, BtfKind.Function, out BtfTypeId id)
            ? new AttachTarget((uint)id.Value, other.Handle.Duplicate())
            : throw Fail(program, $"the program '{other.Name}' has no function '{name}'", Errno.ESRCH);
    }

    private static string Explain(LoadContext context, string? module, string name, string prefix)
    {
        FunctionSearch? found = null;
        string what = prefix switch
        {
            "btf_trace_" => $"this kernel has no tracepoint '{name}'",
            "bpf_lsm_" => $"this kernel has no security hook '{name}'",
            "bpf_iter_" => $"this kernel has no iterator '{name}'",
            _ when (found = FunctionSearch.For(name)).Count > 0 => $"the kernel has the function '{name}', but its BTF does not describe it, so that nothing can be attached to it by types; a kprobe may do",
            _ when found.DescribeVariants() is string made => $"this kernel has no function '{name}' of its own: the compiler made {made} of it, which its BTF does not describe; a kprobe of {found.Variants[0]} may do",
            _ => $"this kernel's BTF has no function '{name}', and no symbol has that name: it may be inlined wherever it is called, or renamed",
        };
        var modules = new List<string>();
        foreach (KernelModuleBtf candidate in context.Kernel.ModuleList) modules.Add(candidate.Name);
        if (module is not null && module != "vmlinux" && !modules.Contains(module))
            return string.Create(CultureInfo.InvariantCulture, $"the module '{module}' is not loaded, or has no BTF ({modules.Count} modules have)");
        string? close = found?.Variants.Count > 0 ? null : CloseNames.Hint(name, Names(context.Kernel.Kernel, prefix));
        string? elsewhere = found is null or { Count: > 0 } or { Variants.Count: > 0 } ? null : UnloadedModules.Explain(name, BtfKind.Function)?.TrimEnd('.');
        return string.Join(". ", ((string?[])[what, elsewhere, close]).Where(static part => part is not null));
    }

    // The names of the kernel that are of the wanted kind; those of modules are too many to be looked through for a slip.
    private static IEnumerable<string> Names(BtfReader types, string prefix)
    {
        byte[] start = Encoding.UTF8.GetBytes(prefix);
        BtfKind kind = prefix == "btf_trace_" ? BtfKind.Typedef : BtfKind.Function;
        for (int id = types.FirstId; id < types.TypeCount; id++)
        {
            BtfType type = types[new BtfTypeId(id)];
            if (type.Kind == kind && type.NameUtf8.StartsWith(start)) yield return type.Name[prefix.Length..];
        }
    }

    private static BpfException Fail(BpfProgramDefinition program, string why, Errno errno = Errno.EINVAL) => new(
        BpfCommand.ProgLoad, errno, $"program '{program.Name}'", $"{why}{(why.EndsWith('?') ? "" : ".")}", BpfDiagnosticId.NoAttachTarget);
}

using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;

namespace Bpf.Loader.Links;

/// <summary>The entries or exits of many kernel functions by trampolines: fentry.multi, fexit.multi, fsession.multi (newer than 6.19).</summary>
[SupportedOSPlatform("linux")]
internal static class TracingMultiAttacher
{
    /// <param name="program">The program, which was loaded for the kernel or for the pattern's module.</param>
    /// <param name="pattern"><c>[module:]pattern</c>.</param>
    public static BpfLink Attach(ProgramToAttach program, string pattern)
    {
        string target = $"functions {pattern}";
        int colon = pattern.IndexOf(':', StringComparison.Ordinal);
        BtfReader types = TypesOf(colon < 0 ? null : pattern[..colon], target);
        uint[] ids = TraceableTypes.Find(types, Encoding.UTF8.GetBytes(pattern[(colon + 1)..]));
        if (ids.Length == 0)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoMatch, target,
                $"The program '{program.Name}' cannot be attached to {target}: no traceable function of this kernel matches.", Errno.ENOENT);
        }

        return Attach(program, target, ids, []);
    }

    /// <param name="program">The program.</param>
    /// <param name="functions">The functions, of the kernel, or all of one module and named <c>module:function</c>.</param>
    /// <param name="cookies">One for each, or none.</param>
    public static BpfLink Attach(ProgramToAttach program, IReadOnlyList<string> functions, ReadOnlySpan<ulong> cookies)
    {
        if (functions.Count == 0) throw new ArgumentException("No function is given.", nameof(functions));
        foreach (string function in functions) ArgumentException.ThrowIfNullOrEmpty(function, nameof(functions));
        if (!cookies.IsEmpty && cookies.Length != functions.Count) throw new ArgumentException($"{cookies.Length} cookies are given for {functions.Count} functions.", nameof(cookies));
        string target = functions.Count == 1 ? $"function {functions[0]}" : $"{functions.Count} functions";
        string? module = ModuleOf(functions[0]);
        BtfReader types = TypesOf(module, target);
        uint[] ids = new uint[functions.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            if (ModuleOf(functions[i]) != module) throw new ArgumentException($"'{functions[0]}' and '{functions[i]}' are not of the same module: the ids of a link are those of one.", nameof(functions));
            string name = functions[i][(functions[i].IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (!types.TryFindOwn(Encoding.UTF8.GetBytes(name), BtfKind.Function, out BtfTypeId id))
            {
                throw new BpfAttachException(
                    BpfDiagnosticId.NoSuchKernelFunction, target, $"The program '{program.Name}' cannot be attached to {target}: the types of {module ?? "the kernel"} have no function '{name}'.", Errno.ENOENT);
            }

            if (Array.IndexOf(ids, (uint)id.Value, 0, i) >= 0) throw new ArgumentException($"The function '{name}' is given twice: the kernel enters it once.", nameof(functions));
            ids[i] = (uint)id.Value;
        }

        return Attach(program, target, ids, cookies);
    }

    private static KernelLink Attach(ProgramToAttach program, string target, uint[] ids, ReadOnlySpan<ulong> cookies)
    {
        if (program.AttachType is not (BpfAttachType.TraceFEntryMulti or BpfAttachType.TraceFExitMulti or BpfAttachType.TraceFSessionMulti))
            throw new InvalidOperationException($"The program '{program.Name}' is loaded for {program.AttachType}, at one function; those at many have sections such as fentry.multi.");
        var request = new LinkCreateRequest { Program = program.Handle, AttachType = program.AttachType };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateTracingMulti(request, ids, cookies, out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        throw errno is Errno.EOPNOTSUPP or Errno.ENOTSUPP || (errno == Errno.EINVAL && KernelEnum.Has(KernelEnum.AttachTypes, (long)program.AttachType) is not true)
            ? new BpfNotSupportedException("trampolines at many functions", null, BpfCommand.LinkCreate, errno, target)
            : AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target);
    }

    private static string? ModuleOf(string function) =>
        function.IndexOf(':', StringComparison.Ordinal) is var colon && colon > 0 && function[..colon] != "vmlinux" ? function[..colon] : null;

    private static BtfReader TypesOf(string? module, string target)
    {
        if (module is null or "vmlinux") return KernelBtf.Vmlinux;
        foreach (KernelModuleBtf candidate in KernelBtf.Modules)
        {
            if (candidate.Name == module) return candidate.Types;
        }

        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchKernelFunction, target, $"The module '{module}' is not loaded, or has no BTF.", Errno.ENOENT);
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>The entries or exits of many kernel functions by trampolines: fentry.multi, fexit.multi, fsession.multi (newer than 6.19).</summary>
[SupportedOSPlatform("linux")]
internal static class TracingMultiAttacher
{
    // What a trampoline can pass on: MAX_BPF_FUNC_ARGS of include/linux/bpf.h, each in at most two registers.
    private const int MaximumArguments = 12;
    private const uint MaximumArgumentSize = 16;

    /// <param name="program">The program, which was loaded for the kernel or for the pattern's module.</param>
    /// <param name="pattern"><c>[module:]pattern</c>.</param>
    public static BpfLink Attach(ProgramToAttach program, string pattern)
    {
        string target = $"functions {pattern}";
        int colon = pattern.IndexOf(':', StringComparison.Ordinal);
        BtfReader types = TypesOf(colon < 0 ? null : pattern[..colon], target);
        uint[] ids = FindTraceable(types, Encoding.UTF8.GetBytes(pattern[(colon + 1)..]));
        if (ids.Length == 0)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoMatch, target,
                $"The program '{program.Name}' cannot be attached to {target}: no traceable function of this kernel matches.", Errno.ENOENT);
        }

        var request = new LinkCreateRequest { Program = program.Handle, AttachType = program.AttachType };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateTracingMulti(request, ids, [], out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        throw errno is Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOTSUPP
            ? new BpfNotSupportedException("trampolines at many functions", null, BpfCommand.LinkCreate, errno, target)
            : AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target);
    }

    internal static uint[] FindTraceable(BtfReader types, ReadOnlySpan<byte> glob)
    {
        var ids = new List<uint>();
        for (int id = types.FirstId; id < types.TypeCount; id++)
        {
            BtfType type = types[new BtfTypeId(id)];
            if (type.Kind == BtfKind.Function && GlobPattern.IsMatch(type.NameUtf8, glob) && IsTraceable(types, types[type.TypeId])) ids.Add((uint)id);
        }

        return [.. ids];
    }

    private static bool IsTraceable(BtfReader types, BtfType prototype)
    {
        if (prototype.Kind != BtfKind.FunctionPrototype || prototype.Parameters.Count > MaximumArguments) return false;
        if (types.StripModifiers(prototype.TypeId).IsComposite) return false;
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            // A parameter without a type stands for "...".
            if (parameter.TypeId.IsVoid || !types.TryGetSize(parameter.TypeId, out uint size) || size > MaximumArgumentSize) return false;
        }

        return true;
    }

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

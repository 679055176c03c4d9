using System;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Tells from a kernel's types whether it has what a program attaches to, as far as they can tell.</summary>
internal sealed class AttachTargetCheck
{
    // What stands before the name of a system call in that of its function: since Linux 4.17 the machine's, where it wraps them.
    private static readonly string[] SyscallPrefixes = ["__x64_sys_", "__arm64_sys_", "__s390x_sys_", "__riscv_sys_", "__powerpc_sys_", "__loongarch_sys_", "__se_sys_", "sys_"];

    private readonly ITargetTypes _target;
    private readonly bool _hasTracepoints;
    private readonly string? _syscallPrefix;

    public AttachTargetCheck(ITargetTypes target)
    {
        _target = target;
        // All kernels have these; types that were cut down to what some programs need may not.
        _hasTracepoints = IsInKernel("btf_trace_sched_switch", BtfKind.Typedef);
        _syscallPrefix = Array.Find(SyscallPrefixes, prefix => IsInKernel(prefix + "read", BtfKind.Function));
    }

    /// <summary>What the kernel has not, such as <c>function 'tcp_connect'</c>; null when it has it, or that cannot be told.</summary>
    /// <remarks>
    /// Of the functions that kprobes are for the types tell nothing: many have none, having been made by the compiler of others, or
    /// being written in assembler.
    /// </remarks>
    public string? FindMissing(BpfProgramDefinition program)
    {
        if (program.SectionDefinition is not { } section || program.Type == BpfProgramType.Ext || program.AttachTarget is not { Length: > 0 } target) return null;
        return section.AttachKind switch
        {
            AttachKind.Tracepoint => FindEvent(target),
            AttachKind.RawTracepoint => FindTracepoint(target),
            AttachKind.Ksyscall or AttachKind.Kretsyscall => FindSyscall(target),
            _ when (section.Traits & SectionTraits.NeedsTarget) != 0 => FindType(target, program.ExpectedAttachType),
            _ => null,
        };
    }

    // An event is named by its group and itself. Since Linux 5.5 the type of each tracepoint has the name of the event.
    private string? FindEvent(string target)
    {
        int cut = target.AsSpan().IndexOfAny('/', ':');
        if (cut < 0) return null;
        string group = target[..cut], name = target[(cut + 1)..];
        foreach (string prefix in (string[])["sys_enter_", "sys_exit_"])
        {
            if (group == "syscalls" && name.StartsWith(prefix, StringComparison.Ordinal)) return FindSyscall(name[prefix.Length..]);
        }

        // Those of tracing itself, and those that are made while the kernel runs, are no tracepoints.
        return group is "syscalls" or "ftrace" or "kprobes" or "uprobes" or "synthetic" or "eprobes" or "user_events" ? null : FindTracepoint(name);
    }

    private string? FindTracepoint(string name) => !_hasTracepoints || Has("btf_trace_" + name, BtfKind.Typedef) ? null : $"tracepoint '{name}'";

    private string? FindSyscall(string name) =>
        // On x86 those without arguments are other names of their bodies, and BTF has only these.
        _syscallPrefix is null || IsInKernel(_syscallPrefix + name, BtfKind.Function) || IsInKernel("__do_sys_" + name, BtfKind.Function) ? null : $"system call '{name}'";

    private string? FindType(string target, BpfAttachType type)
    {
        int colon = target.IndexOf(':', StringComparison.Ordinal);
        string name = target[(colon + 1)..];
        (string prefix, BtfKind kind) = AttachTargetNames.Of(type);
        if (Has(prefix + name, kind)) return null;

        // What is in a module cannot be told from the types of the kernel alone.
        if (colon > 0 && target[..colon] != "vmlinux" && _target.Modules.Count == 0) return null;
        string what = prefix switch
        {
            "btf_trace_" => "tracepoint",
            "bpf_lsm_" => "security hook",
            "bpf_iter_" => "iterator",
            _ => "function",
        };
        return $"{what} '{name}'";
    }

    private bool Has(string name, BtfKind kind)
    {
        if (IsInKernel(name, kind)) return true;
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        foreach (BtfReader module in _target.Modules)
        {
            if (module.TryFindOwn(utf8, kind, out _)) return true;
        }

        return false;
    }

    private bool IsInKernel(string name, BtfKind kind) => _target.Kernel.TryFind(Encoding.UTF8.GetBytes(name), kind, out _);
}

using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A kernel object is accessed through its typed pointer in a way that its type does not allow.</summary>
internal sealed partial class KernelObjectRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        ValueOrigin origin = refusal.Provenance.Of(last, last.Operation.TouchesMemory ? last.Operation.Base : 1);
        string type = TypeName().Match(refusal.Verdict) is { Success: true } named ? $"struct {named.Groups[1].Value}" : TypeOf(refusal, last) is string known ? $"struct {known}" : "a kernel object";
        string? variable = refusal.NameOf(origin);
        string name = variable is null ? $"A pointer to {type}" : $"'{variable}', a pointer to {type},";
        string member = $"{variable ?? "pointer"}->member";
        (string what, string? cause, string cure) = match.Value switch
        {
            string verdict when verdict.Contains("variable offset", StringComparison.Ordinal) => (
                $"{name} is read at a variable offset.", "Typed kernel memory can be read only at known offsets.",
                $"Read members by name, or index a copy: `bpf_probe_read_kernel(copy, sizeof(copy), {member})`."),
            string verdict when verdict.Contains("only read", StringComparison.Ordinal) || verdict.Contains("Writes through", StringComparison.Ordinal) || verdict.Contains("cannot write", StringComparison.Ordinal) => (
                $"{name} is written through, and what it points to belongs to the kernel.", "Programs may read kernel objects; writing them is left to kernel functions and to the few members that struct_ops programs may set.",
                "Keep what the program has to remember in a map, such as a task, socket or inode storage."),
            string verdict when verdict.StartsWith("access beyond", StringComparison.Ordinal) => (
                $"{type} is read beyond its end or beyond a member.", "The program's declaration of it is not the kernel's.",
                "Let the declaration relocate: vmlinux.h, or __attribute__((preserve_access_index)) on your own."),
            string verdict when verdict.Contains("user memory", StringComparison.Ordinal) => ($"{name} leads into the memory of the process.", null, "Read it by bpf_probe_read_user() or bpf_copy_from_user()."),
            string verdict when verdict.Contains("percpu", StringComparison.Ordinal) => ($"{name} is a per-CPU variable.", null, "Take its address on a CPU first: bpf_this_cpu_ptr() or bpf_per_cpu_ptr()."),
            _ => ($"{name} is used in a way that its type does not allow.", null, "Read its members by name, or by BPF_CORE_READ()."),
        };
        return refusal.Finding(BpfDiagnosticId.KernelObjectRefused, what, cause, cure, refusal.Describe(origin));
    }

    // What the log said of the register last: trusted_ptr_task_struct().
    private static string? TypeOf(VerifierCase refusal, TraceStep last)
    {
        if (!last.Operation.TouchesMemory || refusal.Provenance.WriterOf(last, last.Operation.Base)?.After?[last.Operation.Base] is not string state) return null;
        return PointerState().Match(state) is { Success: true } match ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^(?:\w+_)?ptr_([A-Za-z]\w*)\(")]
    private static partial Regex PointerState();

    [GeneratedRegex(@"is ptr_\S+ (?:invalid variable offset|invalid negative access|access user memory|access percpu memory)|invalid negative access|only read (?:from \S+ )?is supported|Writes through BTF pointers|cannot write into ptr_|access beyond (?:struct|the end of member)|cannot access ptr member|has no field at offset|doesn't have field at offset|dereference of modified (?:\w+_)?ptr_|Cannot access kernel 'struct|pointer to in-kernel struct with non-zero offset")]
    private static partial Regex Form();

    [GeneratedRegex(@"(?:ptr_|struct )([A-Za-z_]\w*)")]
    private static partial Regex TypeName();
}

using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Memory is written that programs may only read, or read that they may only write.</summary>
internal sealed partial class ReadOnlyRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        ValueOrigin memory = refusal.Provenance.Of(last, last.Operation.TouchesMemory ? last.Operation.Base : 1);
        if (match.Value.Contains("packet", StringComparison.Ordinal))
        {
            return refusal.Finding(
                BpfDiagnosticId.ReadOnlyMemoryWritten, "The packet is written, which programs of this type, or at this hook, may not.", null,
                "Use a type that may change packets (XDP, tc, lwt_xmit, sk_skb), or a helper such as bpf_skb_store_bytes().");
        }

        if (match.Groups[1].Success)
        {
            string kind = match.Groups[1].Value.StartsWith("pkt", StringComparison.Ordinal) ? "the packet" : match.Groups[1].Value == "ctx" ? "the context" : "this memory";
            return refusal.Finding(
                BpfDiagnosticId.ReadOnlyMemoryWritten, $"An atomic operation is done in {kind}.", "Atomic operations are allowed on the stack, on map values and on memory of the program's own.",
                $"Read and write it in two steps, which nobody disturbs while the program runs{(kind == "the packet" ? " (a packet is handled by one CPU)" : "")}; or count in a map.", refusal.Describe(memory));
        }

        string? variable = refusal.VariableOf(memory with { Offset = memory.Offset + last.Operation.Offset });
        if (match.Value.StartsWith("read", StringComparison.Ordinal))
        {
            return refusal.Finding(BpfDiagnosticId.ReadOnlyMemoryWritten, $"The map '{memory.MapName}' is read, which programs may only write.", "It has the flag BPF_F_WRONLY_PROG.", "Drop the flag from the map's definition.", refusal.Describe(memory));
        }

        if (memory.Map is { IsSection: true } || variable is not null)
        {
            return refusal.Finding(
                BpfDiagnosticId.ReadOnlyMemoryWritten, $"'{variable ?? memory.MapName}' is a constant, and the program writes it.", "What is `const` lies in .rodata, which is frozen when the program is loaded.",
                "Drop `const` from it, so that it lies in .data or .bss.", refusal.Describe(memory));
        }

        string what = memory.MapName is string map ? $"The value of map '{map}' is written, and programs may only read it." : "Memory is written that programs may only read.";
        return refusal.Finding(
            BpfDiagnosticId.ReadOnlyMemoryWritten, what, memory.MapName is null ? null : "It has the flag BPF_F_RDONLY_PROG, or it is frozen.",
            memory.MapName is null ? "Copy it to the stack or into a map, and change the copy." : "Drop the flag from the map's definition, or keep what changes in another map.", refusal.Describe(memory));
    }

    [GeneratedRegex(@"write into map forbidden|read from map forbidden|cannot write into (?:packet|rdonly_\w+|\w+)|does not allow writes to packet data|key R\d not allowed|(?:BPF_ATOMIC \w+|BPF_XADD stores) (?:into|from) R\d (\w+) is not allowed")]
    private static partial Regex Form();
}

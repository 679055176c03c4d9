using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Testing;

/// <summary>
/// What a program did that the kernel's verifier would not have let it do, or that needs something that the test did not supply:
/// where in C, at which instruction, and to which memory.
/// </summary>
public sealed class BpfMachineFault : BpfLoaderException
{
    internal BpfMachineFault(BpfDiagnosticId id, string programName, string reason, int instruction, string disassembly, BpfLocation location, IReadOnlyList<BpfLocation> callers, Exception? innerException = null)
        : base(new BpfFinding
        {
            Id = id,
            What = $"Program '{programName}' {reason}.",
            Place = location,
            Origins = [new BpfOrigin($"instruction {instruction}: {disassembly}", default), .. callers.Select(static caller => new BpfOrigin("called", caller))],
        }, innerException)
    {
        (ProgramName, Reason, Instruction, Disassembly, Location, Callers) = (programName, reason, instruction, disassembly, location, callers);
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>The program that ran.</summary>
    public string ProgramName { get; }

    /// <summary>The index of the instruction in the relocated program.</summary>
    public int Instruction { get; }

    /// <summary>The instruction as the verifier's log would have it.</summary>
    public string Disassembly { get; }

    /// <summary>The line of C; nothing but the function's name where the object does not say.</summary>
    public BpfLocation Location { get; }

    /// <summary>The region of memory concerned, such as <c>value of map 'counts'</c>; null when there is none.</summary>
    public string? Region { get; internal init; }

    /// <summary>The offset in that region, in bytes; negative before it.</summary>
    public long Offset { get; internal init; }

    /// <summary>Where the functions that led there were called, the innermost first.</summary>
    public IReadOnlyList<BpfLocation> Callers { get; }
}

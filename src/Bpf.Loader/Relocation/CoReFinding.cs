using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>How one CO-RE record of an object fares on a target.</summary>
/// <param name="Section">The ELF section of the instruction.</param>
/// <param name="Record">The record.</param>
/// <param name="Result">The answer; null when there is none.</param>
/// <param name="Outcome">What became of the instruction; <see cref="CoReOutcome.Missing"/> when there is no answer.</param>
/// <param name="Failure">Why the object is refused on this target; null when it is not.</param>
public sealed record CoReFinding(string Section, BtfCoReRecord Record, CoReResult? Result, CoReOutcome Outcome, CoReException? Failure)
{
    /// <summary>
    /// The finding for people: an error when the object is refused, a warning when a load or store would have the wrong width, an
    /// information when the target lacks something, which is as it should be where the program asks before it reads; null when
    /// there is nothing to say.
    /// </summary>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public BpfFinding? ToFinding()
    {
        if (Failure is not null) return Failure.Finding;
        return Result?.ToFinding(Outcome, Outcome == CoReOutcome.WidthUnsafe ? BpfSeverity.Warning : BpfSeverity.Info);
    }
}

using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>
/// The instructions of a program that CO-RE left without an answer, and those that a run can come to: what is asked before it is used
/// (<c>bpf_core_field_exists()</c>) is never come to, and that is as it should be.
/// </summary>
internal sealed class PoisonedCode
{
    private readonly IReadOnlyList<AppliedCoRe> _poisoned;
    private readonly bool[] _isPoisoned;
    private readonly bool[] _isReached;
    private readonly bool[] _isReachedOtherwise; // if what has no answer were passed

    public PoisonedCode(BpfInstruction[] code, IReadOnlyList<AppliedCoRe> applied)
    {
        _poisoned = [.. applied.Where(static one => one.Outcome != CoReOutcome.Patched)];
        _isPoisoned = new bool[code.Length];
        foreach (AppliedCoRe one in _poisoned) _isPoisoned[one.Instruction] = true;
        _isReached = BpfReachability.Find(code, _isPoisoned);
        _isReachedOtherwise = _poisoned.Count == 0 ? _isReached : BpfReachability.Find(code, new bool[code.Length]);
    }

    /// <summary>Whether an instruction has no answer.</summary>
    public bool IsPoisoned(int instruction) => _isPoisoned[instruction];

    /// <summary>Whether a run can come to an instruction.</summary>
    public bool IsReached(int instruction) => _isReached[instruction];

    /// <summary>
    /// Says what has no answer: a warning for what a run comes to first, an information for what is asked about before. What stands behind
    /// a warning is told when that is mended.
    /// </summary>
    /// <param name="program">The name of the program.</param>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public IEnumerable<BpfFinding> Describe(string program)
    {
        foreach (AppliedCoRe one in _poisoned)
        {
            bool isReached = IsReached(one.Instruction);
            if (!isReached && _isReachedOtherwise[one.Instruction]) continue;
            if (one.Result.ToFinding(one.Outcome, isReached ? BpfSeverity.Warning : BpfSeverity.Info) is not BpfFinding finding) continue;
            string cause = isReached
                ? $"The program '{program}' does not ask before, and the verifier refuses it there."
                : $"The program '{program}' asks before, and does not come to the access there.";
            yield return finding with { Cause = cause, Cure = isReached ? finding.Cure : null };
        }
    }
}

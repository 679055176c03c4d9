using System;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Bounds the work on an object: types that refer to each other in exponentially many ways, and records that ask for them again and
/// again. No compiler makes such; matching the whole <c>task_struct</c> takes a few thousand steps.
/// </summary>
internal sealed class CoReBudget
{
    private const int StepsOfARecord = 1 << 20;

    private int _all = 1 << 23;
    private int _left = StepsOfARecord;

    /// <summary>Begins a record.</summary>
    public void Begin() => _left = Math.Min(StepsOfARecord, _all);

    /// <summary>Takes a step: looks at a type, a member or an enumerator of the target.</summary>
    /// <returns>False when there have been too many.</returns>
    public bool Spend()
    {
        if (_left <= 0) return false;
        _left--;
        _all--;
        return true;
    }
}

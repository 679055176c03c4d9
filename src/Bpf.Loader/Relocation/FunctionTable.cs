using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>The functions of an object, found by place: programs and sub-programs, each with its relocated code.</summary>
internal sealed class FunctionTable
{
    private readonly BpfFunction[] _sorted; // by section, then by first instruction
    private readonly Dictionary<BpfFunction, RelocatedFunction> _relocated;

    public FunctionTable(IEnumerable<BpfFunction> functions)
    {
        _relocated = [];
        foreach (BpfFunction function in functions) _relocated.TryAdd(function, new RelocatedFunction(function));

        // A stable order: those of the file go before copies of them.
        _sorted = [.. _relocated.Keys.Where(static function => !function.IsDetached).OrderBy(static function => function.SectionIndex).ThenBy(static function => function.FirstInstruction)];
    }

    /// <summary>The relocated code of a function.</summary>
    public RelocatedFunction this[BpfFunction function] => _relocated[function];

    /// <summary>The index of the section of a name, among those that hold functions; -1 when there is none.</summary>
    public int FindSection(string name)
    {
        foreach (BpfFunction function in _sorted)
        {
            if (function.SectionName == name) return function.SectionIndex;
        }

        return -1;
    }

    /// <summary>Finds the function that an instruction of a section belongs to; the first of those that share the code.</summary>
    public bool TryFind(int section, long instruction, out BpfFunction function)
    {
        ReadOnlySpan<BpfFunction> found = FindAll(section, instruction);
        function = found.IsEmpty ? null! : found[0];
        return !found.IsEmpty;
    }

    /// <summary>Finds all functions that an instruction of a section belongs to: one of several names, and copies.</summary>
    public ReadOnlySpan<BpfFunction> FindAll(int section, long instruction)
    {
        int low = 0, high = _sorted.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            BpfFunction function = _sorted[middle];
            int order = function.SectionIndex != section
                ? function.SectionIndex.CompareTo(section)
                : instruction < function.FirstInstruction ? 1 : instruction >= (long)function.FirstInstruction + function.Instructions.Length ? -1 : 0;
            if (order == 0) return Sharing(middle);
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return [];
    }

    private ReadOnlySpan<BpfFunction> Sharing(int index)
    {
        BpfFunction function = _sorted[index];
        bool IsThere(int other) => _sorted[other].SectionIndex == function.SectionIndex && _sorted[other].FirstInstruction == function.FirstInstruction;
        int first = index, last = index;
        while (first > 0 && IsThere(first - 1)) first--;
        while (last + 1 < _sorted.Length && IsThere(last + 1)) last++;
        return _sorted.AsSpan(first, last + 1 - first);
    }
}

using System;
using System.Collections.Generic;
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
        _sorted = [.. _relocated.Keys];
        Array.Sort(_sorted, static (a, b) => a.SectionIndex != b.SectionIndex
            ? a.SectionIndex.CompareTo(b.SectionIndex)
            : a.FirstInstruction.CompareTo(b.FirstInstruction));
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

    /// <summary>Finds the function that an instruction of a section belongs to.</summary>
    public bool TryFind(int section, long instruction, out BpfFunction function)
    {
        int low = 0, high = _sorted.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            function = _sorted[middle];
            int order = function.SectionIndex != section
                ? function.SectionIndex.CompareTo(section)
                : instruction < function.FirstInstruction ? 1 : instruction >= (long)function.FirstInstruction + function.Instructions.Length ? -1 : 0;
            if (order == 0) return true;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        function = null!;
        return false;
    }
}

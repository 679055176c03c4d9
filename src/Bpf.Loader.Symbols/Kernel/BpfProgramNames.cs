using System;
using System.Collections.Generic;
using System.Runtime.Versioning;

namespace Bpf.Loader.Symbols.Kernel;

/// <summary>
/// The functions of the BPF programs that are loaded, with their ends, which <c>/proc/kallsyms</c> does not have: programs come and go, and
/// an address behind one must not get its name.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfProgramNames(long interval)
{
    private readonly Dictionary<uint, IReadOnlyList<BpfProgramFunction>> _programs = [];
    private readonly SortedList<ulong, BpfProgramFunction> _functions = [];
    private long _time = long.MinValue;

    /// <summary>Whether all programs are known that there were when it was looked last.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The function that an address is in.</summary>
    public bool TryFind(ulong address, out Symbol symbol)
    {
        IList<ulong> starts = _functions.Keys;
        int low = 0, high = starts.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (starts[middle] <= address) low = middle + 1;
            else high = middle;
        }

        symbol = default;
        if (low == 0) return false;
        BpfProgramFunction function = _functions.Values[low - 1];
        if (address - function.Address >= function.MachineCodeLength) return false;
        // As kallsyms and perf write it.
        symbol = new Symbol($"bpf_prog_{function.Tag}_{function.Name}".TrimEnd('_'), "[bpf]", SymbolKind.BpfProgram, address - function.Address);
        return true;
    }

    /// <summary>Looks at the programs that came since, not more often than the interval has it.</summary>
    /// <returns>False when it looked a moment ago, or may not look.</returns>
    public bool Update()
    {
        if (Environment.TickCount64 - interval < _time) return false;
        _time = Environment.TickCount64;
        try
        {
            HashSet<uint> now = [.. BpfProgram.EnumerateIds()];
            foreach (uint id in _programs.Keys)
            {
                if (now.Contains(id)) continue;
                foreach (BpfProgramFunction function in _programs[id]) _functions.Remove(function.Address);
                _programs.Remove(id);
            }

            foreach (uint id in now) Add(id);
            return IsComplete = true;
        }
        catch (BpfException)
        {
            return IsComplete = false; // without CAP_SYS_ADMIN, kallsyms is all there is
        }
    }

    private void Add(uint id)
    {
        if (_programs.ContainsKey(id)) return;
        try
        {
            using BpfProgram program = BpfProgram.OpenById(id);
            IReadOnlyList<BpfProgramFunction> functions = program.GetCode().Functions;
            _programs.Add(id, functions);
            foreach (BpfProgramFunction function in functions)
            {
                if (function.Address != 0) _functions[function.Address] = function;
            }
        }
        catch (Exception error) when (error is BpfException or BpfFormatException)
        {
            // It is gone already, or does not let itself be looked at.
        }
    }
}

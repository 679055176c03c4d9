using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>Which functions of an object call which others, or take their addresses, as for a callback.</summary>
internal sealed class CallGraph
{
    private readonly Dictionary<BpfFunction, HashSet<BpfFunction>> _callees = [];
    private readonly HashSet<BpfFunction> _called = [];

    public CallGraph(IReadOnlyList<BpfFunction> functions)
    {
        foreach (BpfFunction function in functions)
        {
            HashSet<BpfFunction> callees = FindCallees(functions, function);
            _callees.Add(function, callees);
            foreach (BpfFunction callee in callees)
            {
                if (callee != function) _called.Add(callee);
            }
        }
    }

    /// <summary>Whether another function than itself calls a function.</summary>
    public bool IsCalled(BpfFunction function) => _called.Contains(function);

    /// <summary>Adds a function, and all that are called from it on whatever way, to those that are reached.</summary>
    public void Reach(BpfFunction from, HashSet<BpfFunction> reached)
    {
        var pending = new Stack<BpfFunction>();
        pending.Push(from);
        while (pending.TryPop(out BpfFunction? function))
        {
            if (!reached.Add(function)) continue;
            foreach (BpfFunction callee in _callees[function]) pending.Push(callee);
        }
    }

    // What leads nowhere is told when its program is linked.
    private static HashSet<BpfFunction> FindCallees(IReadOnlyList<BpfFunction> functions, BpfFunction function)
    {
        var callees = new HashSet<BpfFunction>();
        BpfInstruction[] code = function.Instructions;
        for (int i = 0; i < code.Length; i++)
        {
            if (!code[i].IsCall && !code[i].IsLoadImmediate64) continue;
            if (CodeTarget.Of(function, i, code[i], out _) is not { Instruction: >= 0 and <= int.MaxValue } target) continue;
            if (FunctionLookup.Find(functions, target.Section, (int)target.Instruction) is BpfFunction callee) callees.Add(callee);
        }

        return callees;
    }
}

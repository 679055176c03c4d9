using System;
using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Profiles;

/// <summary>A function, what was counted while it was on the stack, and what it called.</summary>
internal sealed class StackTree(string name, SymbolKind kind, string module)
{
    private readonly SortedDictionary<string, StackTree> _calls = new(StringComparer.Ordinal);

    public string Name => name;

    public SymbolKind Kind => kind;

    public string Module => module;

    /// <summary>What was counted in it and in what it called.</summary>
    public long Total { get; private set; }

    /// <summary>What was counted in the function itself.</summary>
    public long Own { get; private set; }

    /// <summary>What it called, by name.</summary>
    public IReadOnlyCollection<StackTree> Calls => _calls.Values;

    /// <summary>The tree of all stacks.</summary>
    public static StackTree Of(StackProfile profile)
    {
        var root = new StackTree("all", SymbolKind.Unknown, "");
        foreach ((CallStack stack, long count) in profile.Stacks) root.Add(stack, count);
        return root;
    }

    private void Add(CallStack stack, long count)
    {
        StackTree at = this;
        at.Total += count;
        foreach (CallFrame frame in stack.Frames)
        {
            string label = CallStack.Clean(frame.ToString());
            if (!at._calls.TryGetValue(label, out StackTree? called)) at._calls.Add(label, called = new StackTree(label, frame.Symbol.Kind, frame.Symbol.Module));
            at = called;
            at.Total += count;
        }

        at.Own += count;
    }
}

namespace Bpf.Loader.Symbols;

/// <summary>A function on a stack.</summary>
/// <param name="Address">Where it stood: of a caller, where the call returns to; 0 of what is no address.</param>
/// <param name="Symbol">What is there: of a caller, at the call.</param>
public readonly record struct CallFrame(ulong Address, Symbol Symbol)
{
    /// <summary>A frame that is only a word, such as the name of a thread.</summary>
    /// <param name="name">The word.</param>
    public static CallFrame Named(string name) => new(0, new Symbol(name, "", SymbolKind.Unknown, 0));

    /// <summary>The name of the function, marked as flamegraph.pl does: <c>_[k]</c> for the kernel's, <c>_[j]</c> for what a runtime compiled.</summary>
    public override string ToString() => Symbol switch
    {
        { IsKernel: true } => Symbol.Name + "_[k]",
        { Kind: SymbolKind.JustInTime, IsKnown: true } => Symbol.Name + "_[j]",
        _ => Symbol.Name,
    };
}

using System;
using System.Collections.Generic;

namespace Bpf.Loader.Links.Rules;

/// <summary>Which targets programs are to be attached to: a rule of <see cref="TargetRules"/>.</summary>
/// <typeparam name="TTarget">What a target is: equal values are the same target. Its text names it.</typeparam>
public abstract class TargetRule<TTarget>
    where TTarget : notnull
{
    private readonly string _what;

    private protected TargetRule(string what) => _what = what;

    /// <summary>The targets that are there now.</summary>
    /// <exception cref="BpfException">They cannot be looked for.</exception>
    public IReadOnlyCollection<TTarget> Find()
    {
        using TargetWatch<TTarget> watch = Watch(static () => { });
        return watch.Find();
    }

    /// <summary>Begins to watch them come and go.</summary>
    /// <param name="changed">
    /// Is called, on a thread of the watch, each time that other targets are there than before, or that the condition threw, which
    /// <see cref="TargetWatch{TTarget}.Find"/> then throws to who asks. Where nothing tells of changes
    /// (<see cref="TargetWatch{TTarget}.Silence"/>) it is never called. It must not throw.
    /// </param>
    /// <exception cref="BpfException">They cannot be looked for.</exception>
    public abstract TargetWatch<TTarget> Watch(Action changed);

    /// <summary>What the targets are.</summary>
    public override string ToString() => _what;
}

using System;
using System.Collections.Generic;

namespace Bpf.Loader.Links.Rules;

/// <summary>Watches the targets of a rule come and go, until it is disposed.</summary>
/// <typeparam name="TTarget">What a target is.</typeparam>
public abstract class TargetWatch<TTarget> : IDisposable
    where TTarget : notnull
{
    private protected TargetWatch()
    {
    }

    /// <summary>Why nothing tells of changes here, so that they are found only by <see cref="Find"/>; null when they are told.</summary>
    public string? Silence { get; private protected set; }

    /// <summary>The targets that are there now, as far as the kernel told of them.</summary>
    /// <exception cref="BpfException">They cannot be looked for.</exception>
    public abstract IReadOnlyCollection<TTarget> Find();

    /// <summary>Whether a target that was found is there still, and meets the rule.</summary>
    public abstract bool Exists(TTarget target);

    /// <summary>Ends the watch, and waits until nobody is being called any more, unless who is called ends it.</summary>
    public abstract void Dispose();
}

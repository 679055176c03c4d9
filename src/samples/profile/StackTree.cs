using System;
using System.Collections.Generic;

namespace Bpf.Samples;

/// <summary>A function, how often it was on the stack, and what it called.</summary>
internal sealed class StackTree(string name)
{
    private readonly SortedDictionary<string, StackTree> _calls = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>How many samples had the function at this place of the stack.</summary>
    public long Samples { get; private set; }

    /// <summary>How many of them were in the function itself.</summary>
    public long OwnSamples { get; private set; }

    /// <summary>What it called, by name.</summary>
    public IReadOnlyCollection<StackTree> Calls => _calls.Values;

    /// <summary>Adds a stack that was seen so many times, from the outside in.</summary>
    public void Add(IEnumerable<string> frames, long samples)
    {
        StackTree at = this;
        at.Samples += samples;
        foreach (string frame in frames)
        {
            if (!at._calls.TryGetValue(frame, out StackTree? called))
                at._calls.Add(frame, called = new StackTree(frame));
            at = called;
            at.Samples += samples;
        }

        at.OwnSamples += samples;
    }
}

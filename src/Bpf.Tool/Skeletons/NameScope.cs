using System;
using System.Collections.Generic;

namespace Bpf.Tool.Skeletons;

/// <summary>The names of one class or struct: each is given once.</summary>
internal sealed class NameScope
{
    // What every class has, and what must not be hidden by accident.
    private static readonly string[] OfObject = ["Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize"];

    private readonly HashSet<string> _taken = new(OfObject, StringComparer.Ordinal);

    /// <summary>Makes a scope.</summary>
    /// <param name="reserved">Names that are taken: that of the class itself among them.</param>
    public NameScope(params ReadOnlySpan<string> reserved)
    {
        foreach (string name in reserved) _taken.Add(name);
    }

    /// <summary>Gives the name that a thing of C has here; one that is taken gets a suffix, and then a number.</summary>
    /// <param name="name">The name in .NET's style.</param>
    /// <param name="suffix">What tells a thing of this kind from others.</param>
    public string Give(string name, string suffix = "Value")
    {
        if (_taken.Add(name)) return name;
        if (_taken.Add(name + suffix)) return name + suffix;
        for (int number = 2; ; number++)
        {
            string numbered = $"{name}{suffix}{number}";
            if (_taken.Add(numbered)) return numbered;
        }
    }
}

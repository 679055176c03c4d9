using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Interop;

/// <summary>What this process may not do, and why: for hints and doubts, never to decide what may be tried.</summary>
internal static class ProcessRights
{
    /// <summary>Whether a seccomp filter looks at the system calls of this thread.</summary>
    public static bool IsFiltered => Restrictions.Read().Seccomp == "2";

    /// <summary>
    /// The capabilities of those needed that are not there: all of them in a user namespace of the process's own, where they do not count
    /// for bpf(2). None where it cannot be told.
    /// </summary>
    public static IReadOnlyList<Capability> Missing(ReadOnlySpan<Capability> needed)
    {
        if (Capabilities.Read() is not Capabilities present) return [];
        bool counts = UserNamespace.IsInitial;
        var missing = new List<Capability>();
        foreach (Capability capability in needed)
        {
            if (!counts || !present.Has(capability)) missing.Add(capability);
        }

        return missing;
    }

    /// <summary>A sentence that names the capabilities that are missing, of all that are needed; null when none is.</summary>
    public static string? Explain(ReadOnlySpan<Capability> needed)
    {
        if (Capabilities.Read() is not Capabilities present) return $"Needs {List(needed.ToArray())}.";
        var missing = new List<Capability>();
        foreach (Capability capability in needed)
        {
            if (!present.Has(capability)) missing.Add(capability);
        }

        if (missing.Count == 0) return null;
        string before = missing.TrueForAll(static c => c is Capability.Bpf or Capability.PerfMon) ? " (CAP_SYS_ADMIN before Linux 5.8)" : "";
        string all = missing.Count < needed.Length ? $" of {List(needed.ToArray())}, which this takes" : "";
        return $"The process lacks {List(missing)}{before}{all}.";
    }

    private static string List(IReadOnlyList<Capability> capabilities) => capabilities.Count < 3
        ? string.Join(" and ", capabilities.Select(NeededCapabilities.Name))
        : $"{string.Join(", ", capabilities.Take(capabilities.Count - 1).Select(NeededCapabilities.Name))} and {NeededCapabilities.Name(capabilities[^1])}";
}

using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>What is known of a line of C: how often it ran, and which ways its conditions went.</summary>
internal sealed class CoveredLine(string function)
{
    /// <summary>The function that it is in.</summary>
    public string Function { get; } = function;

    /// <summary>How often it ran.</summary>
    public long Hits { get; set; }

    /// <summary>The ways of its conditions, two each, by their numbers, and whether they were gone.</summary>
    public SortedDictionary<int, bool> Ways { get; } = [];

    /// <summary>How many ways were gone.</summary>
    public int WaysGone => Ways.Values.Count(static gone => gone);

    /// <summary>Notes a way, which stays gone once it was.</summary>
    public void AddWay(int number, bool isGone) => Ways[number] = isGone || Ways.GetValueOrDefault(number);
}

using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>Adds up what programs ran, by line.</summary>
internal static class CoverageReport
{
    /// <summary>
    /// Reads the counts. In a program a line ran as often as the instruction of it that ran most; the same line of several programs is
    /// added up, and a condition of it went where it went in any of them.
    /// </summary>
    public static IReadOnlyList<BpfFileCoverage> Read(IReadOnlyList<MachineCode> programs)
    {
        var files = new SortedDictionary<string, SortedDictionary<int, Line>>(StringComparer.Ordinal);
        foreach (MachineCode code in programs) Add(files, code);
        return
        [
            .. files.Select(static file => new BpfFileCoverage(file.Key,
            [
                .. file.Value.Select(static line => new BpfLineCoverage(
                    line.Key, line.Value.Function, line.Value.Hits, line.Value.Branches.Count * 2,
                    line.Value.Branches.Values.Sum(static branch => (branch.Taken ? 1 : 0) + (branch.Passed ? 1 : 0)))),
            ])),
        ];
    }

    private static unsafe void Add(SortedDictionary<string, SortedDictionary<int, Line>> files, MachineCode code)
    {
        Dictionary<Line, long> most = [];
        Dictionary<Line, int> order = [];
        for (int i = 0; i < code.Length; i++)
        {
            BpfLocation place = code.LineOf(i);
            if (place.SourceFile is not { } name || place.SourceLine <= 0) continue;
            if (!files.TryGetValue(name, out SortedDictionary<int, Line>? lines)) files[name] = lines = [];
            if (!lines.TryGetValue(place.SourceLine, out Line? line)) lines[place.SourceLine] = line = new Line(code.FunctionOf(i));
            long hits = code.Hits![i];
            most[line] = Math.Max(most.GetValueOrDefault(line), hits);
            if (code.Instructions[i].Operation is < Operation.JumpIfEqualRegister or >= Operation.Goto) continue;
            // The same condition in another program has the same place in its line.
            int nth = order[line] = order.GetValueOrDefault(line) + 1;
            Branch known = line.Branches.GetValueOrDefault(nth);
            long taken = code.Taken![i];
            line.Branches[nth] = new Branch(known.Taken || taken > 0, known.Passed || hits > taken);
        }

        foreach ((Line line, long hits) in most) line.Hits += hits;
    }

    private readonly record struct Branch(bool Taken, bool Passed);

    private sealed class Line(string function)
    {
        public string Function { get; } = function;

        public long Hits { get; set; }

        public SortedDictionary<int, Branch> Branches { get; } = [];
    }
}

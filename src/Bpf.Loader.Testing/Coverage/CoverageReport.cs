using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>What programs ran, by file and line, added up over programs, processes and runs.</summary>
internal sealed class CoverageReport
{
    private readonly SortedDictionary<string, SortedDictionary<int, CoveredLine>> _files = new(StringComparer.Ordinal);

    /// <summary>The files, with their lines by number.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<int, CoveredLine>> Files => _files;

    /// <summary>A line, which is made when it is not there yet.</summary>
    public CoveredLine Line(string file, int number, string function)
    {
        if (!_files.TryGetValue(file, out SortedDictionary<int, CoveredLine>? lines)) _files[file] = lines = [];
        if (!lines.TryGetValue(number, out CoveredLine? line)) lines[number] = line = new CoveredLine(function);
        return line;
    }

    /// <summary>Forgets a file.</summary>
    public void Remove(string file) => _files.Remove(file);

    /// <summary>
    /// Adds the counts of a program. A line ran as often as the instruction of it that ran most; the same line of several programs is
    /// added up, and a condition of it went where it went in any of them.
    /// </summary>
    public void Add(ProgramCoverage program)
    {
        Dictionary<CoveredLine, long> most = [];
        Dictionary<CoveredLine, int> conditions = [];
        for (int i = 0; i < program.Length; i++)
        {
            BpfLocation place = program.LineOf(i);
            if (place.SourceFile is not { } name || place.SourceLine <= 0) continue;
            CoveredLine line = Line(name, place.SourceLine, program.FunctionOf(i));
            long hits = program.HitsOf(i);
            most[line] = Math.Max(most.GetValueOrDefault(line), hits);
            if (program.TakenOf(i) is not { } taken) continue;
            // The same condition in another program has the same place in its line.
            int nth = conditions.GetValueOrDefault(line);
            conditions[line] = nth + 1;
            line.AddWay(2 * nth, taken > 0);
            line.AddWay((2 * nth) + 1, hits > taken);
        }

        foreach ((CoveredLine line, long hits) in most) line.Hits += hits;
    }

    /// <summary>Adds another report, of other runs.</summary>
    public void Add(CoverageReport other)
    {
        foreach ((string file, SortedDictionary<int, CoveredLine> lines) in other._files)
        {
            foreach ((int number, CoveredLine added) in lines)
            {
                CoveredLine line = Line(file, number, added.Function);
                line.Hits += added.Hits;
                foreach ((int way, bool isGone) in added.Ways) line.AddWay(way, isGone);
            }
        }
    }

    /// <summary>The files as users get them.</summary>
    public IReadOnlyList<BpfFileCoverage> ToFiles() =>
    [
        .. _files.Select(static file => new BpfFileCoverage(file.Key,
            [.. file.Value.Select(static line => new BpfLineCoverage(line.Key, line.Value.Function, line.Value.Hits, line.Value.Ways.Count, line.Value.WaysGone))])),
    ];
}

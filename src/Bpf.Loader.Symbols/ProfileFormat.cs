namespace Bpf.Loader.Symbols;

/// <summary>How a profile is written.</summary>
public enum ProfileFormat
{
    /// <summary>A stack and its count a line, which flamegraph.pl, speedscope and the like read.</summary>
    Folded,

    /// <summary>A flame graph as one SVG file for a browser: a click zooms, and names are searched.</summary>
    FlameGraph,

    /// <summary>What <c>pprof</c>, <c>go tool pprof</c> and most continuous profilers read: a compressed protocol buffer.</summary>
    Pprof,

    /// <summary>The JSON of https://www.speedscope.app.</summary>
    Speedscope,
}

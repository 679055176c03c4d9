namespace Bpf.Loader.Testing;

/// <summary>The coverage of a line of C.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Function">The function that it is in.</param>
/// <param name="Hits">How often it ran.</param>
/// <param name="Branches">How many ways its conditions can go.</param>
/// <param name="BranchesTaken">How many of these were gone.</param>
public sealed record BpfLineCoverage(int Line, string Function, long Hits, int Branches, int BranchesTaken);

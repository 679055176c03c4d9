using System.Collections.Generic;

namespace Bpf.Loader.Testing;

/// <summary>The coverage of a file of C.</summary>
/// <param name="FileName">The file, as the compiler was given it.</param>
/// <param name="Lines">The lines that code was made from, in their order.</param>
public sealed record BpfFileCoverage(string FileName, IReadOnlyList<BpfLineCoverage> Lines);

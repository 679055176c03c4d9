using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Tests.Testing;

/// <summary>A program of chance.</summary>
/// <param name="Code">Its instructions.</param>
/// <param name="Tables">The tables that its indirect jumps take their targets from.</param>
internal sealed record GeneratedProgram(BpfInstruction[] Code, IReadOnlyList<JumpTable> Tables);

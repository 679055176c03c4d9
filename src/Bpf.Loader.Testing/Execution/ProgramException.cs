using System;

namespace Bpf.Loader.Testing.Execution;

/// <summary>A program called <c>bpf_throw</c> (Linux 6.7).</summary>
#pragma warning disable CA1064 // It never leaves the executor.
internal sealed class ProgramException(ulong cookie) : Exception
{
    /// <summary>What the program threw.</summary>
    public ulong Cookie { get; } = cookie;
}

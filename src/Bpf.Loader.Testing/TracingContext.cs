using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Testing;

/// <summary>The arguments of a function or tracepoint, 8 bytes each, and its result: of fentry, fexit, LSM, raw tracepoints, struct_ops.</summary>
public sealed class TracingContext : BytesContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="arguments">The arguments; of kernel objects their addresses.</param>
    /// <param name="result">What the function returned, for programs that run at its end; null for those at its start.</param>
    public TracingContext(ReadOnlySpan<ulong> arguments, ulong? result = null)
        : base(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)[.. arguments, result ?? 0]), isWritable: false)
    {
        ArgumentCount = arguments.Length;
        Result = result;
    }

    /// <summary>How many arguments there are.</summary>
    public int ArgumentCount { get; }

    /// <summary>What the function returned; null before it did.</summary>
    public ulong? Result { get; }

    /// <summary>An argument.</summary>
    public ulong this[int index] => MemoryMarshal.Cast<byte, ulong>(Bytes)[index];

    internal override string Name => "the list of arguments";
}

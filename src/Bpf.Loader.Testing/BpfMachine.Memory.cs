using System;
using System.Globalization;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    /// <summary>Reads memory as it is, whoever it belongs to: for tracers and debuggers, while a program runs or afterwards.</summary>
    /// <param name="address">Where, as programs have it.</param>
    /// <param name="target">Gets the bytes.</param>
    /// <returns>False when there is no such memory.</returns>
    public bool TryRead(ulong address, Span<byte> target) => Executor.TryPeek(address, target);

    /// <summary>What an address points to, such as <c>packet+14</c> or <c>value of map 'counts'+8</c>; null when it is no pointer.</summary>
    public string? NameOf(ulong address)
    {
        if (Memory.Find(address, out long offset) is not { FormerKind: not RegionKind.None } region) return null;
        // A number with the upper half of an address is far from the region.
        if (offset < -(long)region.Length - 4096 || offset > 2 * (long)region.Length + 4096) return null;
        // The stack is counted from its end, as R10 has it.
        if (region.Kind == RegionKind.Stack) offset -= region.Length;
        string freed = region.Kind == RegionKind.None ? "freed " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{freed}{region.Name}{offset:+0;-0;+0}");
    }
}

using System;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>Names that are equal but for their flavors: <c>task_struct___old</c> and <c>task_struct</c>.</summary>
internal static class CoReNames
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        // Nearly all names have no flavor; most differ in their first letter.
        if (left.IsEmpty || right.IsEmpty) return left.Length == right.Length;
        if (left[0] != right[0]) return false;
        return left.SequenceEqual(right) || BtfReader.EssentialName(left).SequenceEqual(BtfReader.EssentialName(right));
    }
}

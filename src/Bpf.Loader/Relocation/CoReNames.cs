using System;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>Names that are equal but for their flavors: <c>task_struct___old</c> and <c>task_struct</c>.</summary>
internal static class CoReNames
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        BtfReader.EssentialName(left).SequenceEqual(BtfReader.EssentialName(right));
}

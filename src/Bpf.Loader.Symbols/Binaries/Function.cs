using System;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>A function of a binary.</summary>
/// <param name="Start">Its address.</param>
/// <param name="Size">Its bytes; 0 when unknown.</param>
/// <param name="Name">Where its name is.</param>
/// <param name="Rank">Of several at one address, the highest counts.</param>
internal readonly record struct Function(ulong Start, uint Size, uint Name, byte Rank) : IComparable<Function>
{
    public int CompareTo(Function other)
    {
        int order = Start.CompareTo(other.Start);
        return order != 0 ? order : Rank.CompareTo(other.Rank);
    }
}

namespace Bpf.Loader.Btf;

/// <summary>What an array consists of.</summary>
/// <param name="ElementTypeId">The type of an element.</param>
/// <param name="IndexTypeId">The type of the index.</param>
/// <param name="Count">The number of elements; 0 for a flexible array.</param>
public readonly record struct BtfArray(BtfTypeId ElementTypeId, BtfTypeId IndexTypeId, uint Count);

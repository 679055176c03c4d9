using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>A step from a type towards a field, as the source has it: a named member, an element, an enumerator.</summary>
/// <param name="TypeId">For a member or an enumerator, the type that it is of; for an element, the type of the element.</param>
/// <param name="Index">The number of the member or enumerator, or the index of the element.</param>
/// <param name="IsNamed">True for a member or an enumerator.</param>
public readonly record struct CoReAccessor(BtfTypeId TypeId, int Index, bool IsNamed);

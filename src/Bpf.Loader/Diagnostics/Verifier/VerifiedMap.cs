using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>A map that a program refers to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of a value.</param>
/// <param name="KeyType">The type of its keys in the object's BTF; void when that does not say.</param>
/// <param name="ValueType">The type of its values.</param>
/// <param name="IsSection">Whether it holds the variables of a section.</param>
/// <param name="Offset">Where in the value the address points to that is loaded; 0 for the map itself.</param>
internal sealed record VerifiedMap(string Name, BpfMapType Type, uint KeySize, uint ValueSize, BtfTypeId KeyType, BtfTypeId ValueType, bool IsSection, long Offset);

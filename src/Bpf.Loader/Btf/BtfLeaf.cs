namespace Bpf.Loader.Btf;

/// <summary>A member of a struct, or of one in it, that is a value and no struct.</summary>
/// <param name="Path">Its name; of one in another struct with that struct's before it, as in <c>address.port</c>.</param>
/// <param name="TypeId">Its type; of a bit-field without typedefs and qualifiers.</param>
/// <param name="BitOffset">Where it begins in the whole, in bits.</param>
/// <param name="BitFieldSize">The width of a bit-field, in bits; 0 for others.</param>
/// <param name="Network">What its declaration says that it is on the wire.</param>
internal readonly record struct BtfLeaf(string Path, BtfTypeId TypeId, ulong BitOffset, int BitFieldSize, BtfNetworkType Network);

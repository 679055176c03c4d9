namespace Bpf.Loader.Testing;

/// <summary>A VLAN tag (802.1Q).</summary>
/// <param name="Id">The VLAN.</param>
/// <param name="Priority">The priority, 0 to 7.</param>
/// <param name="TagType">The type of the tag: <c>0x8100</c>, or <c>0x88a8</c> for the outer one of two.</param>
/// <param name="Type">What follows.</param>
public readonly record struct VlanTag(int Id, int Priority, ushort TagType, ushort Type);

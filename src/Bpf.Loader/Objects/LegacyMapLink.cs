namespace Bpf.Loader.Objects;

/// <summary>How a map definition of iproute2's form is connected to others.</summary>
/// <param name="Map">The map.</param>
/// <param name="Id">Its number in the object; 0 for none.</param>
/// <param name="InnerId">For a map of maps, the number of the map that its inner maps are like; 0 for none.</param>
/// <param name="InnerIndex">For an inner map, its key in the map of maps; null where the form has no such field, -1 for none.</param>
internal sealed record LegacyMapLink(BpfMapDefinition Map, uint Id, uint InnerId, int? InnerIndex);

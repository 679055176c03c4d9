using Bpf.Loader.Btf;

namespace Bpf.Tool.Events;

/// <summary>What the records of a buffer are.</summary>
/// <param name="Map">The map.</param>
/// <param name="Name">The name of the type, such as <c>exec_event</c>; null when nothing says what the records are.</param>
/// <param name="Id">The type.</param>
internal sealed record EventType(string Map, string? Name, BtfTypeId Id);

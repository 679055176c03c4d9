namespace Bpf.Loader.Links.Queries;

/// <summary>A BPF filter of traffic control.</summary>
/// <param name="InterfaceIndex">The device's number.</param>
/// <param name="Direction">Which packets.</param>
/// <param name="Priority">The lower, the earlier.</param>
/// <param name="Handle">Its number among those of its priority.</param>
/// <param name="ProgramId">The program's number.</param>
/// <param name="Name">What the filter is called.</param>
/// <param name="IsDirectAction">True when the program itself says what becomes of a packet.</param>
public sealed record TcFilter(
    int InterfaceIndex, TrafficDirection Direction, ushort Priority, uint Handle, uint ProgramId, string Name, bool IsDirectAction);

namespace Bpf.Loader.Links.Network;

/// <summary>A filter of the clsact qdisc.</summary>
/// <param name="InterfaceIndex">The device.</param>
/// <param name="Direction">Which packets.</param>
/// <param name="Handle">Its number among those of its priority; 0 before the kernel chose one.</param>
/// <param name="Priority">The lower, the earlier; 0 before the kernel chose one.</param>
/// <param name="ProgramId">The program's number, when the kernel told it.</param>
internal readonly record struct TcFilterPlace(
    int InterfaceIndex, TrafficDirection Direction, uint Handle, ushort Priority, uint ProgramId);

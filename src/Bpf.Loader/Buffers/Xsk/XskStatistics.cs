namespace Bpf.Loader.Buffers.Xsk;

/// <summary>What an AF_XDP socket lost: <c>struct xdp_statistics</c>.</summary>
/// <param name="ReceiveDropped">Packets that were dropped for other reasons than the following.</param>
/// <param name="ReceiveInvalid">Packets with a frame that does not exist.</param>
/// <param name="SendInvalid">Packets to send with a frame that does not exist.</param>
/// <param name="ReceiveRingFull">Packets that were dropped because nobody read the others (5.9).</param>
/// <param name="FillRingEmpty">How often there was no frame for a packet (5.9).</param>
/// <param name="SendRingEmpty">How often there was nothing to send (5.9).</param>
public readonly record struct XskStatistics(
    ulong ReceiveDropped, ulong ReceiveInvalid, ulong SendInvalid, ulong ReceiveRingFull, ulong FillRingEmpty, ulong SendRingEmpty);

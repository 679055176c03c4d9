namespace Bpf.Loader.Testing.Contexts;

/// <summary>A context with a packet.</summary>
internal interface IPacketContext
{
    /// <summary>The packet.</summary>
    PacketMemory Packet { get; }
}

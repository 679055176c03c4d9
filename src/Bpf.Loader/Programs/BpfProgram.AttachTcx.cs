using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to traffic control of a network device, without qdisc and filter.</summary>
    /// <param name="interfaceName">The device, in the calling thread's network namespace.</param>
    /// <param name="direction">Packets that come in or go out.</param>
    /// <param name="order">Where among the programs that are there; none is behind them.</param>
    /// <exception cref="BpfAttachException">There is no such device, the order cannot be kept, or the kernel refused.</exception>
    /// <remarks>Linux 6.6; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachTcx(string interfaceName, TrafficDirection direction, AttachOrder? order = null) =>
        Watch(DeviceLinkAttacher.Attach(ToAttach, NetworkInterface.Find(interfaceName), TcxHook(direction), order ?? AttachOrder.Last));

    /// <inheritdoc cref="AttachTcx(string, TrafficDirection, AttachOrder?)"/>
    /// <param name="interfaceIndex">The device's number, in the calling thread's network namespace.</param>
    /// <param name="direction">Packets that come in or go out.</param>
    /// <param name="order">Where among the programs that are there; none is behind them.</param>
    public BpfLink AttachTcx(int interfaceIndex, TrafficDirection direction, AttachOrder? order = null) =>
        Watch(DeviceLinkAttacher.Attach(ToAttach, NetworkInterface.Of(interfaceIndex), TcxHook(direction), order ?? AttachOrder.Last));

    /// <summary>Attaches to a netkit device: to the primary one, or through it to its peer.</summary>
    /// <param name="interfaceName">The primary device, in the calling thread's network namespace.</param>
    /// <param name="peer">True for the packets of the peer.</param>
    /// <param name="order">Where among the programs that are there; none is behind them.</param>
    /// <exception cref="BpfAttachException">There is no such device, the order cannot be kept, or the kernel refused.</exception>
    /// <remarks>Linux 6.7; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachNetkit(string interfaceName, bool peer = false, AttachOrder? order = null) => Watch(DeviceLinkAttacher.Attach(
        ToAttach, NetworkInterface.Find(interfaceName), peer ? BpfAttachType.NetkitPeer : BpfAttachType.NetkitPrimary, order ?? AttachOrder.Last));

    private static BpfAttachType TcxHook(TrafficDirection direction) =>
        direction == TrafficDirection.Ingress ? BpfAttachType.TcxIngress : BpfAttachType.TcxEgress;
}

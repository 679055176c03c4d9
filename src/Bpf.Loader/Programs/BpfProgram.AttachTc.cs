using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>
    /// Attaches to traffic control of a network device by a filter. The clsact qdisc is made if the device has none, and is removed
    /// with the last filter if it was made here.
    /// </summary>
    /// <param name="interfaceName">The device, in the calling thread's network namespace.</param>
    /// <param name="direction">Packets that come in or go out.</param>
    /// <param name="options">Priority and handle; none lets the kernel choose.</param>
    /// <exception cref="BpfAttachException">There is no such device, such a filter is there, or the kernel refused.</exception>
    /// <remarks>Linux 4.5; CAP_NET_ADMIN. Prefer <see cref="AttachTcx(string, TrafficDirection, AttachOrder?)"/> where the kernel has it.</remarks>
    public BpfTcLink AttachTc(string interfaceName, TrafficDirection direction, TcOptions? options = null) =>
        Watch(TcAttacher.Attach(ToAttach, NetworkInterface.Find(interfaceName), direction, options ?? new TcOptions()));

    /// <inheritdoc cref="AttachTc(string, TrafficDirection, TcOptions?)"/>
    /// <param name="interfaceIndex">The device's number, in the calling thread's network namespace.</param>
    /// <param name="direction">Packets that come in or go out.</param>
    /// <param name="options">Priority and handle; none lets the kernel choose.</param>
    public BpfTcLink AttachTc(int interfaceIndex, TrafficDirection direction, TcOptions? options = null) =>
        Watch(TcAttacher.Attach(ToAttach, NetworkInterface.Of(interfaceIndex), direction, options ?? new TcOptions()));
}

using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Network;

/// <summary>A network device of the calling thread's network namespace.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">Its name, or its number as text when it was given by number.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct NetworkInterface(int Index, string Name)
{
    /// <summary>Finds a device by its name.</summary>
    /// <exception cref="BpfAttachException">There is none; the message names close ones.</exception>
    public static NetworkInterface Find(string name)
    {
        uint index = LibC.InterfaceNameToIndex(name);
        if (index != 0) return new NetworkInterface((int)index, name);
        var close = new CloseNames(name);
        foreach (System.Net.NetworkInformation.NetworkInterface device in System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces())
            close.Add(device.Name);
        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchInterface, $"network device {name}", $"There is no network device '{name}' in this network namespace.",
            Errno.ENODEV, "if_nametoindex", closeNames: close.Best);
    }

    /// <summary>The device with a number.</summary>
    public static NetworkInterface Of(int index) => new(index, "number " + index.ToString(CultureInfo.InvariantCulture));
}

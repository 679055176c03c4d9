using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Network;

/// <summary>A network device of the calling thread's network namespace.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">The name that it bears, whatever name it was asked for by; its number as text when it has none.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct NetworkInterface(int Index, string Name)
{
    /// <summary>Finds a device by its name, an alternative name, or its number as text.</summary>
    /// <exception cref="BpfAttachException">There is none; the message names close ones.</exception>
    public static NetworkInterface Find(string name)
    {
        if (NetworkDevices.Find(name) is { } found) return new NetworkInterface(found.Index, found.Name);
        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchInterface, $"network device {name}", $"There is no network device '{name}' in this network namespace.",
            Errno.ENODEV, "if_nametoindex", closeNames: CloseNames.Of(name, NetworkDevices.Names()));
    }

    /// <summary>The device with a number.</summary>
    public static NetworkInterface Of(int index) =>
        new(index, NetworkDevices.Find(index)?.Name ?? "number " + index.ToString(CultureInfo.InvariantCulture));
}

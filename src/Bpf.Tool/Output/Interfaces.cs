using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Queries;

namespace Bpf.Tool.Output;

/// <summary>The names of this namespace's network devices.</summary>
[SupportedOSPlatform("linux")]
internal static class Interfaces
{
    private static Dictionary<uint, string>? _names;

    /// <summary>The name of a device; its number when it is in another namespace, or gone.</summary>
    public static string NameOf(uint index)
    {
        if (_names is null)
        {
            _names = [];
            foreach (XdpDevice device in HookQuery.XdpDevices()) _names[(uint)device.InterfaceIndex] = device.InterfaceName;
        }

        return _names.TryGetValue(index, out string? name) ? name : "ifindex " + index.ToString(CultureInfo.InvariantCulture);
    }
}

using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links.Rules;

/// <summary>A network device.</summary>
/// <param name="Index">Its number, which no other device of its network namespace gets as long as this one is there.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is, as <c>ip link add type</c> has it: <c>veth</c>, <c>bridge</c>; null for devices of hardware and the loopback.</param>
[SupportedOSPlatform("linux")]
public sealed record DeviceTarget(int Index, string Name, string? Kind)
{
    private readonly IReadOnlyList<string> _otherNames = [];

    internal DeviceTarget(NetworkDevice device)
        : this(device.Index, device.Name, device.Kind) => _otherNames = device.OtherNames;

    /// <inheritdoc/>
    public bool Equals(DeviceTarget? other) => other is not null && Index == other.Index && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Index;

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal bool IsNamed(string pattern) => GlobPattern.IsMatch(Name, pattern) || _otherNames.Any(name => GlobPattern.IsMatch(name, pattern));
}

using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Usdt;

/// <summary>What one attached program was told of the arguments of its probe, in the maps of its object.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UsdtDescriptions(UsdtSpecTable specs, string target)
{
    // Places whose arguments are found alike share a description.
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<ulong> _addresses = [];

    /// <summary>The number of the description of arguments.</summary>
    public int this[string arguments] => _ids[arguments];

    /// <summary>Describes the arguments of a place.</summary>
    /// <exception cref="BpfAttachException">They are in places of an unknown form, or the map is full.</exception>
    public void Add(string arguments, ElfMachine machine, ulong cookie)
    {
        if (!_ids.ContainsKey(arguments)) _ids.Add(arguments, specs.Add(UsdtArguments.Parse(arguments, machine), cookie, target));
    }

    /// <summary>Says which description is that of an address, where no cookie does.</summary>
    /// <exception cref="BpfAttachException">The address is taken, or the map is full.</exception>
    public void AddAddress(UsdtAddressTable table, ulong address, string arguments)
    {
        table.Add(address, _ids[arguments], target);
        _addresses.Add(address);
    }

    /// <summary>Gives all back; the program must not run any more.</summary>
    public void Release()
    {
        foreach (ulong address in _addresses) specs.Addresses?.Remove(address);
        specs.Release(_ids.Values);
    }
}

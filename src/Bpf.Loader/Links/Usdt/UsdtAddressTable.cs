using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Links.Usdt;

/// <summary>
/// The map of an object that tells its programs, by the address that they run at, which description of arguments is theirs: for
/// kernels that have no cookies (before 5.15).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class UsdtAddressTable
{
    private readonly BpfMap _map;

    // Addresses that nobody is attached to any more, and that could not be taken out of the map.
    private readonly HashSet<ulong> _left = [];

    private UsdtAddressTable(BpfMap map) => _map = map;

    /// <summary>The name that usdt.bpf.h gives the map.</summary>
    public const string MapName = "__bpf_usdt_ip_to_spec_id";

    /// <summary>The table of an object.</summary>
    /// <exception cref="BpfAttachException">The object has none, or one of another form.</exception>
    public static UsdtAddressTable Of(BpfProgram program, string target)
    {
        if (program.Owner?.Maps.TryGet(MapName, out BpfMap? map) is true && map is { KeySize: sizeof(ulong), ValueSize: sizeof(int) })
            return new UsdtAddressTable(map);
        throw new BpfAttachException(
            BpfDiagnosticId.NoUsdtSpecs, target,
            $"This kernel has no cookies (Linux 5.15), and the object of program '{program.Name}' has no map {MapName} from addresses to numbers.",
            Errno.ESRCH, hint: "Its C source must include bpf/usdt.bpf.h.");
    }

    /// <summary>Says which description is that of an address.</summary>
    /// <exception cref="BpfAttachException">The address is taken, or the map is full.</exception>
    public void Add(ulong address, int id, string target)
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)], value = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(key, address);
        MemoryMarshal.Write(value, id);
        bool isNew;
        try
        {
            isNew = _map.TryAdd(key, value);
        }
        catch (BpfException error) when (error.Errno == Errno.E2BIG)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoUsdtSpecs, target, $"The map {MapName} has room for {_map.MaxEntries} places of probes, and all are taken.", Errno.E2BIG,
                hint: "Raise its MaxEntries before the load, or define BPF_USDT_MAX_IP_CNT in the C source.");
        }

        if (isNew) return;
        lock (_left)
        {
            if (_left.Contains(address))
            {
                _map.Set(key, value);
                _left.Remove(address);
                return;
            }
        }

        throw new BpfAttachException(
            BpfDiagnosticId.AlreadyAttached, target,
            string.Create(CultureInfo.InvariantCulture, $"A program of the object is attached to a USDT probe at the address 0x{address:x} already."),
            Errno.EEXIST, hint: "Kernels before 5.15 have no cookies: there the address alone tells where the arguments are. Attach from two objects.");
    }

    /// <summary>Forgets an address, which nothing is attached to any more; whoever comes next to it may have it, even if the kernel refuses.</summary>
    public void Remove(ulong address)
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        MemoryMarshal.Write(key, address);
        try
        {
            _map.Remove(key);
        }
        catch (BpfException)
        {
            lock (_left) _left.Add(address);
        }
    }
}

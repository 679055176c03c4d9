using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Links.Usdt;

/// <summary>
/// The map of an object that tells its programs where the arguments of their USDT probes are: which numbers are taken, and by
/// whom. All links of the object share it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class UsdtSpecTable
{
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private readonly BpfMap _map;
    private readonly UsdtSpecLayout _layout;
    private int _next;

    private UsdtSpecTable(BpfMap map, UsdtSpecLayout layout, UsdtAddressTable? addresses)
    {
        _map = map;
        _layout = layout;
        Addresses = addresses;
    }

    /// <summary>Where programs find the number of their description by the address of the probe; null when a cookie tells them.</summary>
    public UsdtAddressTable? Addresses { get; }

    /// <summary>The name that usdt.bpf.h gives the map.</summary>
    public const string MapName = "__bpf_usdt_specs";

    /// <summary>The table of an object.</summary>
    /// <exception cref="BpfAttachException">The object has none.</exception>
    public static UsdtSpecTable Of(BpfProgram program)
    {
        string target = $"USDT probes of program '{program.Name}'";
        if (program.Owner?.Maps.TryGet(MapName, out BpfMap? map) is not true || map is null)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoUsdtSpecs, target, $"The object of program '{program.Name}' has no map {MapName}.", Errno.ESRCH,
                hint: "Its C source must include bpf/usdt.bpf.h.");
        }

        UsdtSpecLayout layout = UsdtSpecLayout.OfSize((uint)map.ValueSize) ?? throw new BpfAttachException(
            BpfDiagnosticId.NoUsdtSpecs, target,
            $"The map {MapName} of the object of program '{program.Name}' has values of {map.ValueSize} bytes, which no known usdt.bpf.h has.");
        return new UsdtSpecTable(map, layout, program.Owner.HasCookies ? null : UsdtAddressTable.Of(program, target));
    }

    /// <summary>Reads where arguments are, as far as the object's usdt.bpf.h can be told.</summary>
    /// <exception cref="BpfAttachException">There are too many.</exception>
    public IReadOnlyList<UsdtArgument> Read(string arguments, UsdtPlace place)
    {
        IReadOnlyList<UsdtArgument> read = UsdtArguments.Parse(arguments, place);
        if (_layout.HasIndex) return read;
        return
        [
            .. read.Select(argument => argument.Kind != UsdtArgumentKind.IndexedMemory ? argument : place.Failing(
                UsdtArgument.Unreadable("it takes two registers to find it, which the usdt.bpf.h that the object was compiled with cannot (libbpf 1.7 can)")
                    with { Size = argument.Size, IsSigned = argument.IsSigned })),
        ];
    }

    /// <summary>Keeps a description.</summary>
    /// <returns>Its number, which the attached program gets as cookie.</returns>
    /// <exception cref="BpfAttachException">The map is full.</exception>
    public int Add(IReadOnlyList<UsdtArgument> arguments, ulong cookie, string target)
    {
        byte[] value = new byte[_layout.Size];
        _layout.Encode(arguments, cookie, value);

        int id;
        lock (_gate)
        {
            if (!_free.TryPop(out id))
            {
                if (_next >= _map.MaxEntries)
                {
                    throw new BpfAttachException(
                        BpfDiagnosticId.NoUsdtSpecs, target, $"The map {MapName} has room for {_map.MaxEntries} different probes, and all are taken.", Errno.E2BIG,
                        hint: "Raise its MaxEntries before the load, or define BPF_USDT_MAX_SPEC_CNT in the C source.");
                }

                id = _next++;
            }
        }

        Span<byte> key = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(key, id);
        try
        {
            _map.Set(key, value);
        }
        catch
        {
            Release([id]);
            throw;
        }

        return id;
    }

    /// <summary>Gives numbers back.</summary>
    public void Release(IEnumerable<int> ids)
    {
        lock (_gate)
        {
            foreach (int id in ids) _free.Push(id);
        }
    }
}

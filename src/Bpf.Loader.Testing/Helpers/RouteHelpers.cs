using System;
using System.Net;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Routes: <c>bpf_fib_lookup</c>, by what the test says.</summary>
internal static class RouteHelpers
{
    // struct bpf_fib_lookup, and BPF_FIB_LKUP_RET_* (include/uapi/linux/bpf.h).
    private const int Size = 64, TotalLength = 6, Interface = 8, Metric = 12, Source = 16, Destination = 32, Vlan = 48, SourceMac = 52, DestinationMac = 58;
    private const ulong Success = 0, NotForwarded = 4, NoNeighbour = 7, FragmentationNeeded = 8;
    private const byte IPv4 = 2, IPv6 = 10;

    // BPF_FIB_LOOKUP_DIRECT to MARK: those of Linux 6.12.
    private const ulong KnownFlags = 0x3f, SkipNeighbour = 4;

    public static void AddTo(BpfHelperTable helpers) => helpers["bpf_fib_lookup"] = Find;

    private static ulong Find(BpfCall call)
    {
        if ((int)call[3] < Size || (call[4] & ~KnownFlags) != 0) return unchecked((ulong)Error.Invalid);
        Span<byte> parameters = call.Write(2, Size);
        if (parameters[0] is not (IPv4 or IPv6)) return unchecked((ulong)-(long)Errno.EAFNOSUPPORT);
        if (call.Machine.FindRoute is not { } find)
            throw call.Executor.Fault(BpfDiagnosticId.HelperNotSupplied, "looks up a route, and the test does not say which there are: machine.FindRoute = (source, destination, device) => …");
        int length = parameters[0] == IPv4 ? 4 : 16;
        if (find(new IPAddress(parameters.Slice(Source, length)), new IPAddress(parameters.Slice(Destination, length)), MemoryMarshal.Read<uint>(parameters[Interface..])) is not { } route)
            return NotForwarded;
        if (MemoryMarshal.Read<ushort>(parameters[TotalLength..]) > route.Mtu)
        {
            MemoryMarshal.Write(parameters[TotalLength..], route.Mtu);
            return FragmentationNeeded;
        }

        MemoryMarshal.Write(parameters[TotalLength..], route.Mtu);
        MemoryMarshal.Write(parameters[Interface..], route.Interface);
        MemoryMarshal.Write(parameters[Metric..], 0u);
        MemoryMarshal.Write(parameters[Vlan..], 0u);
        if (route.Gateway is { } gateway)
        {
            // A gateway of the other family changes the family.
            byte[] address = gateway.GetAddressBytes();
            parameters[0] = address.Length == 4 ? IPv4 : IPv6;
            address.CopyTo(parameters[Destination..]);
        }

        if ((call[4] & SkipNeighbour) != 0) return Success;
        if (route.NextHop is not { } next) return NoNeighbour;
        route.Source.GetAddressBytes().CopyTo(parameters[SourceMac..]);
        next.GetAddressBytes().CopyTo(parameters[DestinationMac..]);
        return Success;
    }
}

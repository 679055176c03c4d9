using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Sockets.</summary>
internal static class SocketHelpers
{
    private const int OverflowUser = 65534, TcpListen = 10;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_get_socket_cookie"] = static call => SocketOf(call)?.Cookie ?? 0;
        helpers["bpf_get_socket_uid"] = static call => SocketOf(call)?.UserId ?? OverflowUser;
        helpers["bpf_get_netns_cookie"] = static _ => 1;
        helpers["bpf_sk_lookup_tcp"] = static call => LookUp(call, ProtocolType.Tcp);
        helpers["bpf_skc_lookup_tcp"] = static call => LookUp(call, ProtocolType.Tcp);
        helpers["bpf_sk_lookup_udp"] = static call => LookUp(call, ProtocolType.Udp);
        helpers["bpf_sk_release"] = static _ => 0;
        helpers["bpf_sk_fullsock"] = static call => call[1];
        helpers["bpf_tcp_sock"] = static call => SocketAt(call, call[1])?.Tcp?.Enter(call.Machine) ?? 0;
        helpers["bpf_get_listener_sock"] = static call => SocketAt(call, call[1])?["state"] == TcpListen ? call[1] : 0;
        helpers["bpf_sk_cgroup_id"] = static call => SocketAt(call, call[1])?.CgroupId ?? 0;
        helpers["bpf_sk_ancestor_cgroup_id"] = static call => SocketAt(call, call[1]) is { } socket ? call.Machine.Cgroups.AncestorOf(socket.CgroupId, (int)call[2]) : 0;
        helpers["bpf_sk_assign"] = static call => (ulong)Assign(call);
        helpers["bpf_setsockopt"] = static call =>
        {
            call.Machine.SocketOptions[((int)call[2], (int)call[3])] = call.Read(4, (int)call[5]).ToArray();
            return 0;
        };
        helpers["bpf_getsockopt"] = static call =>
        {
            Span<byte> target = call.Write(4, (int)call[5]);
            target.Clear();
            if (!call.Machine.SocketOptions.TryGetValue(((int)call[2], (int)call[3]), out byte[]? value)) return unchecked((ulong)Error.Invalid);
            value.AsSpan(0, Math.Min(value.Length, target.Length)).CopyTo(target);
            return 0;
        };
        helpers["bpf_sock_ops_cb_flags_set"] = static call =>
        {
            // BPF_SOCK_OPS_ALL_CB_FLAGS; what remains is told back.
            const ulong AllFlags = 0x7f;
            if (call.Context is SockOpsContext context) context["bpf_sock_ops_cb_flags"] = call[2] & AllFlags;
            return call[2] & ~AllFlags;
        };
    }

    // bpf_sk_assign and bpf_sk_lookup_assign of net/core/filter.c: a look-up takes flags, and lets go of a socket by none.
    private static long Assign(BpfCall call)
    {
        SocketObject? socket = SocketAt(call, call[2]);
        if (call.Context is SkLookupContext lookup)
        {
            const ulong Replace = 1, NoReusePort = 2;
            if ((call[3] & ~(Replace | NoReusePort)) != 0) return Error.Invalid;
            if (call.Machine.Assigned is not null && (call[3] & Replace) == 0) return Error.Exists;
            if (socket is not null && socket["protocol"] is var protocol && protocol != 0 && lookup["protocol"] is var wanted && wanted != 0 && protocol != wanted) return -(long)Errno.EPROTOTYPE;
        }
        else if (socket is null || call[3] != 0)
        {
            return Error.Invalid;
        }

        call.Machine.Assigned = socket;
        return 0;
    }

    private static SocketObject? SocketOf(BpfCall call) =>
        SocketAt(call, call[1]) ?? (call.Context switch { SkBuffContext skb => skb.Socket, SocketContext owner => owner.Socket, _ => null });

    private static SocketObject? SocketAt(BpfCall call, ulong address) =>
        call.Memory.Find(address, out _) is { Kind: RegionKind.Context, Owner: SocketObject socket } ? socket : null;

    // struct bpf_sock_tuple: addresses, then ports, all in network order; 12 bytes for IPv4, 36 for IPv6.
    private static ulong LookUp(BpfCall call, ProtocolType protocol)
    {
        int size = (int)(uint)call[3];
        if (size is not (12 or 36)) return 0;
        if (call.Machine.FindSocket is not { } find)
            throw call.Executor.Fault(BpfDiagnosticId.HelperNotSupplied, "looks up a socket, and the test does not say which there are: machine.FindSocket = (protocol, source, destination) => …");
        ReadOnlySpan<byte> tuple = call.Read(2, size);
        int length = size == 12 ? 4 : 16;
        var source = new IPEndPoint(new IPAddress(tuple[..length]), BinaryPrimitives.ReadUInt16BigEndian(tuple[(2 * length)..]));
        var destination = new IPEndPoint(new IPAddress(tuple.Slice(length, length)), BinaryPrimitives.ReadUInt16BigEndian(tuple[((2 * length) + 2)..]));
        return find(protocol, source, destination)?.Enter(call.Machine) ?? 0;
    }
}

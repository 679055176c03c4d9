using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Where packets go: recorded, and nothing is sent.</summary>
internal static class RedirectHelpers
{
    private const ulong XdpAborted = 0, XdpRedirect = 4, TcShot = 2, TcRedirect = 7, SkDrop = 0, SkPass = 1;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_redirect"] = static call =>
        {
            bool isXdp = call.Context is XdpContext;
            // BPF_F_INGRESS is for tc only.
            if (isXdp ? call[2] != 0 : call[2] > 1) return isXdp ? XdpAborted : TcShot;
            Record(call, new BpfRedirect { Helper = "bpf_redirect", Index = (uint)call[1], Flags = call[2] });
            return isXdp ? XdpRedirect : TcRedirect;
        };
        helpers["bpf_redirect_peer"] = static call => ToDevice(call, "bpf_redirect_peer", call[2]);
        helpers["bpf_redirect_neigh"] = static call => ToDevice(call, "bpf_redirect_neigh", call[4]);
        helpers["bpf_clone_redirect"] = static call =>
        {
            Record(call, new BpfRedirect { Helper = "bpf_clone_redirect", Index = (uint)call[2], Flags = call[3] });
            return 0;
        };
        helpers["bpf_redirect_map"] = static call => RedirectMap(call);
        helpers["bpf_sk_redirect_map"] = static call => ToSocket(call, 2, BytesOf((uint)call[3]), call[4], "bpf_sk_redirect_map");
        helpers["bpf_msg_redirect_map"] = static call => ToSocket(call, 2, BytesOf((uint)call[3]), call[4], "bpf_msg_redirect_map");
        helpers["bpf_sk_redirect_hash"] = static call => ToSocket(call, 2, call.Read(3, call.Map(2).KeySize), call[4], "bpf_sk_redirect_hash");
        helpers["bpf_msg_redirect_hash"] = static call => ToSocket(call, 2, call.Read(3, call.Map(2).KeySize), call[4], "bpf_msg_redirect_hash");
        helpers["bpf_sk_select_reuseport"] = static call =>
        {
            RedirectMap map = call.Map<RedirectMap>(2);
            ReadOnlySpan<byte> key = call.Read(3, map.KeySize);
            if (!map.Contains(key)) return unchecked((ulong)Error.NoEntry);
            Record(call, Describe("bpf_sk_select_reuseport", map, key, call[4]));
            return 0;
        };
        helpers["bpf_sock_map_update"] = static call => Insert(call);
        helpers["bpf_sock_hash_update"] = static call => Insert(call);
    }

    // __bpf_xdp_redirect_map of include/linux/filter.h: the lowest bits of the flags are the action for a key that is not there.
    private static ulong RedirectMap(BpfCall call)
    {
        const ulong ActionMask = 3, Broadcast = 8, ExcludeIngress = 16;
        RedirectMap map = call.Map<RedirectMap>(1);
        ReadOnlySpan<byte> key = BytesOf((uint)call[2]);
        ulong flags = call[3];
        bool takesBroadcast = map.Type is BpfMapType.DevMap or BpfMapType.DevMapHash;
        if ((flags & ~(ActionMask | (takesBroadcast ? Broadcast | ExcludeIngress : 0))) != 0) return XdpAborted;
        if ((flags & Broadcast) == 0 && !map.Contains(key)) return flags & ActionMask;
        Record(call, Describe("bpf_redirect_map", map, key, flags));
        return XdpRedirect;
    }

    private static ulong ToDevice(BpfCall call, string helper, ulong flags)
    {
        if (flags != 0) return TcShot;
        Record(call, new BpfRedirect { Helper = helper, Index = (uint)call[1] });
        return TcRedirect;
    }

    private static ulong ToSocket(BpfCall call, int argument, ReadOnlySpan<byte> key, ulong flags, string helper)
    {
        RedirectMap map = call.Map<RedirectMap>(argument);
        if (flags > 1 || !map.Contains(key)) return SkDrop;
        Record(call, Describe(helper, map, key, flags));
        return SkPass;
    }

    private static ulong Insert(BpfCall call)
    {
        RedirectMap map = call.Map<RedirectMap>(2);
        byte[] value = new byte[map.ValueSize];
        value[0] = 1;
        return (ulong)map.Put(call.Read(3, map.KeySize), value, call[4]);
    }

    private static BpfRedirect Describe(string helper, RedirectMap map, ReadOnlySpan<byte> key, ulong flags) => new()
    {
        Helper = helper,
        Map = map.Name,
        Key = key.ToArray(),
        Index = key.Length == 4 ? MemoryMarshal.Read<uint>(key) : 0,
        Flags = flags,
    };

    private static void Record(BpfCall call, BpfRedirect redirect) => call.Machine.Redirected = redirect;

    private static byte[] BytesOf(uint value) => BitConverter.GetBytes(value);
}

using System;
using System.Collections.Generic;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Interop;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Answers of netlink, read for each question that is asked.</summary>
internal sealed class NetlinkTarget() : FuzzTarget("netlink")
{
    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => Mutator.Mutate(random.Pick(NetlinkSeeds.Answers), random, random.Pick(NetlinkSeeds.Answers).Image);

    public override void Run(byte[] input)
    {
        int messages = 0, bytes = 0;
        NetlinkAnswer answer = NetlinkAnswer.Read(input, NetlinkSeeds.Sequence, (_, payload) =>
        {
            messages++;
            bytes += payload.Length;
            Read(payload);
        });
        Oracle.Require(bytes + (messages * NetlinkMessage.HeaderSize) <= input.Length, "more messages than there are bytes");
        Oracle.Require(answer.Reason is null || (answer.IsComplete && !answer.Reason.EndsWith('\0')), "a reason for nothing");
        Oracle.Require(!answer.IsDamaged || answer is { IsComplete: true, Errno: Errno.EBADMSG }, "a damaged answer that is taken for a sound one");
        if (answer.Errno != Errno.None) throw new BpfException("sendto(AF_NETLINK)", answer.Errno, null, null);
    }

    private static void Read(ReadOnlySpan<byte> payload)
    {
        NetworkDevice? device = NetworkDevice.Read(payload);
        Oracle.Require(device is not null == XdpNetlink.TryRead(payload, out int index, out string name, out XdpState state), "a device for one question and none for another");
        Oracle.Require((index, name) == (device?.Index ?? 0, device?.Name ?? ""), "a device with two names");
        Oracle.Require((device?.OtherNames.Count ?? 0) <= payload.Length / 4, "more names than have room");
        _ = state.Has(1);
        var place = new TcFilterPlace(1, TrafficDirection.Ingress, 0, 0, 0);
        bool isFilter = TcNetlink.TryRead(payload, place, out TcFilterPlace found);
        Oracle.Require(TcNetlink.ReadFilter(payload, place) is not { } filter || (isFilter && filter.Handle == found.Handle && filter.Handle != 0), "a filter without a place");
    }
}

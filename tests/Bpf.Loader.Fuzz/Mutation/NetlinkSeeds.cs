using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Answers of the kernel over netlink: to questions about devices, queueing disciplines and filters, and refusals.</summary>
internal sealed class NetlinkSeeds
{
    /// <summary>The number of the request that all of them answer.</summary>
    public const uint Sequence = 7;

    private const ushort Error = 2, Done = 3, NewLink = 16, NewFilter = 44, Nested = 0x8000;

    private readonly List<byte> _bytes = [];
    private readonly List<(int At, int Size, FieldKind Kind, int Group)> _fields = [];
    private readonly List<(int At, int Length)> _parts = [];
    private int _group;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Layout> Answers { get; } = [Devices(), Filters(), Refusal()];

    private static Layout Devices()
    {
        var seeds = new NetlinkSeeds();
        for (int index = 1; index < 3; index++)
        {
            seeds.Message(NewLink, 0, message =>
            {
                message.Numbers((1, 0), (1, 0), (2, 1), (4, (uint)index), (4, 0x11043), (4, 0)); // struct ifinfomsg
                message.Attribute(3, value => value.Text($"eth{index}")); // IFLA_IFNAME
                message.Attribute(52 | Nested, list => // IFLA_PROP_LIST
                {
                    list.Attribute(53, value => value.Text("enterprise-" + new string('x', 116)));
                    list.Attribute(53, value => value.Text("größe.1:x"));
                });
                message.Attribute(43 | Nested, xdp => // IFLA_XDP
                {
                    xdp.Attribute(2, value => value.Numbers((1, (uint)(4 - index))));
                    xdp.Attribute(4, value => value.Numbers((4, 70)));
                    xdp.Attribute(5, value => value.Numbers((4, 71)));
                });
            });
        }

        return seeds.Finish();
    }

    private static Layout Filters()
    {
        var seeds = new NetlinkSeeds();
        foreach (uint handle in (uint[])[0, 1, 2])
        {
            seeds.Message(NewFilter, 2, message =>
            {
                message.Numbers((4, 0), (4, 3), (4, handle), (4, 0xfffffff2), (4, 0xc0000300)); // struct tcmsg
                message.Attribute(1, value => value.Text("bpf")); // TCA_KIND
                message.Attribute(2, options => // TCA_OPTIONS
                {
                    options.Attribute(7, value => value.Text("count.o:[tc]")); // TCA_BPF_NAME
                    options.Attribute(8, value => value.Numbers((4, 1))); // TCA_BPF_FLAGS
                    options.Attribute(11, value => value.Numbers((4, 80))); // TCA_BPF_ID
                });
            });
        }

        return seeds.Finish();
    }

    // NLM_F_ACK_TLVS: behind the errno and the header of the request, what the kernel says.
    private static Layout Refusal()
    {
        var seeds = new NetlinkSeeds();
        seeds.Message(NewFilter, 0, message => message.Numbers((4, 0)));
        seeds.Message(Error, 0x300, message =>
        {
            message.Numbers((4, unchecked((uint)-22)), (4, 36), (2, 44), (2, 5), (4, Sequence), (4, 0));
            message.Attribute(1, value => value.Text("Exclusivity flag on, cannot modify"));
            message.Attribute(2, value => value.Numbers((4, 20)));
        });
        return seeds.Finish();
    }

    private Layout Finish()
    {
        Message(Done, 2, message => message.Numbers((4, 0)));
        var layout = new Layout(_bytes.ToArray(), isBigEndian: false);
        int group = -1;
        foreach ((int at, int size, FieldKind kind, int of) in _fields)
        {
            if (of != group) layout.BeginGroup();
            group = of;
            layout.Add(at, size, kind);
        }

        foreach ((int at, int length) in _parts) layout.AddPart(at, length);
        return layout;
    }

    // struct nlmsghdr: length, type, flags, sequence, port.
    private void Message(ushort type, ushort flags, Action<NetlinkSeeds> content)
    {
        int start = _bytes.Count;
        _group++;
        Field(4, FieldKind.Length, 0);
        Field(2, FieldKind.Kind, type);
        Field(2, FieldKind.Kind, flags);
        Field(4, FieldKind.Index, Sequence);
        Field(4, FieldKind.Value, 0);
        End(start, 4, content);
    }

    private void Attribute(int type, Action<NetlinkSeeds> content)
    {
        int start = _bytes.Count;
        Field(2, FieldKind.Length, 0);
        Field(2, FieldKind.Kind, (uint)type);
        End(start, 2, content);
    }

    private void End(int start, int size, Action<NetlinkSeeds> content)
    {
        content(this);
        int length = _bytes.Count - start;
        for (int i = 0; i < size; i++) _bytes[start + i] = (byte)(length >> (8 * i));
        while (_bytes.Count % 4 != 0) _bytes.Add(0);
        _parts.Add((start, length));
    }

    private void Numbers(params (int Size, uint Value)[] numbers)
    {
        foreach ((int size, uint value) in numbers) Field(size, FieldKind.Value, value);
    }

    private void Text(string text) => _bytes.AddRange(Encoding.UTF8.GetBytes(text + '\0'));

    private void Field(int size, FieldKind kind, uint value)
    {
        _fields.Add((_bytes.Count, size, kind, _group));
        for (int i = 0; i < size; i++) _bytes.Add((byte)(value >> (8 * i)));
    }
}

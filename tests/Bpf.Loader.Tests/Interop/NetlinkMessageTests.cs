using System;
using System.Buffers.Binary;
using Bpf.Loader.Interop;
using Xunit;

namespace Bpf.Loader.Tests.Interop;

public sealed class NetlinkMessageTests
{
    [Fact]
    public void A_message_has_header_and_padded_attributes()
    {
        Assert.SkipUnless(BitConverter.IsLittleEndian, "the bytes below are little-endian");
        ReadOnlySpan<byte> bytes = new NetlinkMessage(0x2c, NetlinkFlags.Create | NetlinkFlags.Echo)
            .Header(0x11223344u)
            .Attribute(1, "bpf")
            .Nested(2, nested => nested.Attribute(6, 7u).Attribute(9, [0xaa]))
            .Finish(5);
        string[] expected =
        [
            "30000000", "2c000804", "05000000", "00000000", "44332211", // length, type, flags, sequence, port, header
            "08000100", "62706600",
            "14000280", "08000600", "07000000", "05000900", "aa000000",
        ];
        Assert.Equal(string.Concat(expected), Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Long_messages_grow()
    {
        byte[] value = new byte[5000];
        value.AsSpan().Fill(3);
        ReadOnlySpan<byte> bytes = new NetlinkMessage(1, NetlinkFlags.None).Attribute(4, value).Attribute(5, 6u).Finish(1);
        Assert.Equal((16 + 5004 + 8, 16 + 5004 + 8), (bytes.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes)));
        Assert.True(NetlinkAttribute.TryFind(bytes[16..], 5, out NetlinkAttribute found));
        Assert.Equal(6u, found.UInt32);
    }

    [Fact]
    public void Attributes_are_read_back()
    {
        ReadOnlySpan<byte> list = new NetlinkMessage(1, NetlinkFlags.None)
            .Attribute(1, "lo").Nested(2, nested => nested.Attribute(3, 4u)).Finish(1)[16..];
        Assert.True(NetlinkAttribute.TryFind(list, 1, out NetlinkAttribute name));
        Assert.Equal("lo", name.Text);
        Assert.True(NetlinkAttribute.TryFind(list, 2, out NetlinkAttribute nested));
        Assert.True(NetlinkAttribute.TryFind(nested.Value, 3, out NetlinkAttribute number));
        Assert.Equal(4u, number.UInt32);
        Assert.False(NetlinkAttribute.TryFind(list, 9, out _));
        Assert.Equal(0u, name.UInt32);
    }

    [Fact]
    public void Damaged_lists_come_to_an_end()
    {
        byte[] good = new NetlinkMessage(1, NetlinkFlags.None).Attribute(1, "some text").Attribute(2, 3u).Finish(1)[16..].ToArray();
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = good.AsSpan(0, random.Next(good.Length + 1)).ToArray();
            if (changed.Length > 0) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            ReadOnlySpan<byte> list = changed;
            int count = 0;
            while (NetlinkAttribute.TryRead(ref list, out NetlinkAttribute attribute))
            {
                Assert.True(attribute.Value.Length <= changed.Length - 4);
                Assert.True(++count <= good.Length / 4);
            }
        }
    }
}

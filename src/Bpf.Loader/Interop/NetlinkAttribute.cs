using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>An attribute of a netlink answer.</summary>
internal readonly ref struct NetlinkAttribute
{
    private NetlinkAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>The type, without the flags of nesting and byte order.</summary>
    public ushort Type { get; }

    public ReadOnlySpan<byte> Value { get; }

    public uint UInt32 => Value.Length >= sizeof(uint) ? MemoryMarshal.Read<uint>(Value) : 0;

    public string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    /// <summary>Takes the first attribute off a list.</summary>
    /// <returns>False at the end, and where the list is damaged.</returns>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> list, out NetlinkAttribute attribute)
    {
        const int Header = 4;
        attribute = default;
        if (list.Length < Header) return false;
        int length = MemoryMarshal.Read<ushort>(list);
        if (length < Header || length > list.Length) return false;
        attribute = new NetlinkAttribute((ushort)(MemoryMarshal.Read<ushort>(list[2..]) & 0x3fff), list[Header..length]);
        list = list[Math.Min(list.Length, (length + 3) & ~3)..];
        return true;
    }

    /// <summary>Finds an attribute in a list.</summary>
    public static bool TryFind(ReadOnlySpan<byte> list, ushort type, out NetlinkAttribute attribute)
    {
        while (TryRead(ref list, out attribute))
        {
            if (attribute.Type == type) return true;
        }

        return false;
    }
}

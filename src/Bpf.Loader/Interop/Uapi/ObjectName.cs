using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The name of a map or program as the kernel keeps it: at most 15 bytes and a zero.</summary>
[InlineArray(Capacity)]
internal struct ObjectName
{
    /// <summary>BPF_OBJ_NAME_LEN.</summary>
    public const int Capacity = 16;

    private byte _first;

    /// <summary>Takes the first 15 bytes of a name; the kernel accepts letters, digits, <c>_</c> and <c>.</c> only.</summary>
    public static ObjectName From(ReadOnlySpan<byte> utf8)
    {
        var name = new ObjectName();
        Span<byte> bytes = name;
        utf8[..Math.Min(utf8.Length, Capacity - 1)].CopyTo(bytes);
        return name;
    }

    /// <summary>The name up to its zero.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}

using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>BTF of a few words, in the machine's byte order.</summary>
internal static class ProbeBtf
{
    private const ushort Magic = 0xeb9f;
    private const int HeaderSize = 24;
    private const int HeaderSizeWithLayout = 32;

    /// <summary>The info word of a type.</summary>
    public static uint Info(BtfKind kind, uint variableLength = 0) => ((uint)kind << 24) | variableLength;

    /// <summary>The last word of a signed INT of 32 bits.</summary>
    public const uint SignedInt32 = (1 << 24) | 32;

    /// <summary>A blob of types and strings.</summary>
    public static byte[] Build(ReadOnlySpan<uint> types, ReadOnlySpan<byte> strings)
        => Build(HeaderSize, types, default, strings);

    /// <summary>A blob with a layout section: for each kind the bytes behind the type and those of each of its members.</summary>
    public static byte[] BuildWithLayout(ReadOnlySpan<uint> types, ReadOnlySpan<uint> layout, ReadOnlySpan<byte> strings)
        => Build(HeaderSizeWithLayout, types, layout, strings);

    private static byte[] Build(int headerSize, ReadOnlySpan<uint> types, ReadOnlySpan<uint> layout, ReadOnlySpan<byte> strings)
    {
        int typeBytes = types.Length * sizeof(uint);
        int layoutBytes = layout.Length * sizeof(uint);
        byte[] blob = new byte[headerSize + typeBytes + layoutBytes + strings.Length];
        Write16(blob, Magic);
        blob[2] = 1;
        Write32(blob, 4, headerSize);
        Write32(blob, 12, typeBytes);
        Write32(blob, 16, typeBytes + layoutBytes);
        Write32(blob, 20, strings.Length);
        if (headerSize == HeaderSizeWithLayout)
        {
            Write32(blob, 24, typeBytes);
            Write32(blob, 28, layoutBytes);
        }

        MemoryMarshal.AsBytes(types).CopyTo(blob.AsSpan(headerSize));
        MemoryMarshal.AsBytes(layout).CopyTo(blob.AsSpan(headerSize + typeBytes));
        strings.CopyTo(blob.AsSpan(headerSize + typeBytes + layoutBytes));
        return blob;
    }

    private static void Write16(Span<byte> blob, ushort value) => MemoryMarshal.Write(blob, value);

    private static void Write32(Span<byte> blob, int at, int value) => MemoryMarshal.Write(blob[at..], value);
}

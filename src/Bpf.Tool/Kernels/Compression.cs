using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using K4os.Compression.LZ4;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using ZstandardStream = SharpCompress.Compressors.ZStandard.DecompressionStream;

namespace Bpf.Tool.Kernels;

/// <summary>The ways in which kernels and their modules are compressed, told apart by their first bytes.</summary>
internal static class Compression
{
    // A kernel with its types has some 60 MB; what grows beyond this is no kernel.
    private const int MaximumSize = 1 << 29;

    // LZ4's older format, the one that Linux takes: blocks of up to 8 MiB, each after its length.
    private const uint Lz4Magic = 0x184c2102;
    private const int Lz4Block = 8 << 20;

    /// <summary>The name of what data is compressed with; null when it is not compressed in any known way.</summary>
    public static string? NameOf(ReadOnlySpan<byte> data) => data switch
    {
        [0x1f, 0x8b, ..] => "gzip",
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
        [0x02, 0x21, 0x4c, 0x18, ..] => "lz4",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2",
        [0x5d, 0, 0, ..] => "lzma",
        [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => "lzo",
        _ => null,
    };

    /// <summary>Expands data; what follows its end, such as the length that a kernel puts there, is left alone.</summary>
    /// <exception cref="KernelImageException">The data is damaged, too large, or compressed in a way that cannot be read.</exception>
    public static byte[] Expand(ReadOnlyMemory<byte> data)
    {
        string? name = NameOf(data.Span);
        try
        {
            if (name == "lz4") return ExpandLz4(data.Span);
            using var compressed = new MemoryStream(data.ToArray(), writable: false);
            using Stream expanding = name switch
            {
                "gzip" => new GZipStream(compressed, CompressionMode.Decompress),
                "xz" => new XZStream(compressed),
                "zstd" => new ZstandardStream(compressed),
                "bzip2" => BZip2Stream.Create(compressed, SharpCompress.Compressors.CompressionMode.Decompress, false, false, false),
                _ => throw new KernelImageException($"data compressed by {name ?? "an unknown program"} is not read here: expand it first"),
            };
            return ReadAll(expanding);
        }
        catch (Exception e) when (e is not (KernelImageException or OutOfMemoryException))
        {
            // Whatever a decoder thinks of a damaged stream.
            throw new KernelImageException($"the {name} data is damaged: {e.Message}", e);
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            int count;
            try
            {
                count = stream.Read(buffer);
            }
            catch (Exception) when (whole.Length > 0 && stream is ZstandardStream or XZStream)
            {
                // Behind the end of the stream is no other one, but a kernel's length.
                break;
            }

            if (count == 0) break;
            whole.Write(buffer.AsSpan(0, count));
            if (whole.Length > MaximumSize) throw new KernelImageException($"it expands to more than {MaximumSize >> 20} MiB");
        }

        return whole.ToArray();
    }

    private static byte[] ExpandLz4(ReadOnlySpan<byte> data)
    {
        using var whole = new MemoryStream();
        byte[] block = new byte[Lz4Block];
        data = data[sizeof(uint)..];
        while (data.Length >= sizeof(uint))
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(data);
            data = data[sizeof(uint)..];
            if (length == Lz4Magic) continue; // the next of several streams
            if (length == 0 || length > data.Length) break; // behind the last block is the length of the whole
            int count = LZ4Codec.Decode(data[..(int)length], block);
            if (count < 0) throw new KernelImageException("the lz4 data is damaged");
            whole.Write(block.AsSpan(0, count));
            if (whole.Length > MaximumSize) throw new KernelImageException($"it expands to more than {MaximumSize >> 20} MiB");
            data = data[(int)length..];
        }

        return whole.ToArray();
    }
}

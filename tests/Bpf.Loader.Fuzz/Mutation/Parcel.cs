using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Several byte strings in one: inputs of targets that need more than one file. Whatever is no parcel is read as one too.</summary>
internal static class Parcel
{
    /// <summary>Packs them.</summary>
    public static byte[] Pack(params IEnumerable<byte[]> parts)
    {
        var parcel = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (byte[] part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            parcel.Write(length);
            parcel.Write(part);
        }

        return parcel.ToArray();
    }

    /// <summary>Unpacks as many as there should be; those that are missing are empty.</summary>
    public static byte[][] Unpack(byte[] parcel, int count)
    {
        byte[][] parts = new byte[count][];
        ReadOnlySpan<byte> rest = parcel;
        for (int i = 0; i < count; i++)
        {
            if (rest.Length < sizeof(int))
            {
                parts[i] = rest.ToArray();
                rest = default;
                continue;
            }

            uint length = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest), (uint)rest.Length - sizeof(int));
            parts[i] = rest.Slice(sizeof(int), (int)length).ToArray();
            rest = rest[(sizeof(int) + (int)length)..];
        }

        return parts;
    }

    /// <summary>A part that is text.</summary>
    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

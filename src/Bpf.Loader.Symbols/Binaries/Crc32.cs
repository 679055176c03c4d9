using System;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>The checksum by which a binary knows its debug file (<c>.gnu_debuglink</c>).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(IBytes bytes)
    {
        byte[] buffer = new byte[1 << 16];
        uint crc = uint.MaxValue;
        for (long offset = 0; ;)
        {
            int count = bytes.Read(offset, buffer);
            if (count == 0) return ~crc;
            foreach (byte value in buffer.AsSpan(0, count)) crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
            offset += count;
        }
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xedb88320;
            table[i] = value;
        }

        return table;
    }
}

using System;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests;

public class BpfBitsTests
{
    [Fact]
    public void Every_field_of_a_struct_reads_and_writes_its_bits_and_no_others()
    {
        var random = new Random(1);
        byte[] bytes = new byte[12];
        for (int offset = 0; offset < 32; offset++)
        {
            for (int width = 1; width <= 64; width++)
            {
                random.NextBytes(bytes);
                bool[] before = Bits(bytes);
                ulong value = (ulong)random.NextInt64();
                BpfBits.Write(bytes, offset, width, value);
                bool[] after = Bits(bytes);
                ulong masked = width == 64 ? value : value & ((1UL << width) - 1);
                Assert.Equal(masked, BpfBits.Read(bytes, offset, width));
                Assert.Equal((long)(masked << (64 - width)) >> (64 - width), BpfBits.ReadSigned(bytes, offset, width));
                for (int bit = 0; bit < after.Length; bit++)
                {
                    bool isInside = bit >= offset && bit < offset + width;
                    // Little-endian machines count from the low bit, of the field as well as of a byte.
                    int place = BitConverter.IsLittleEndian ? bit - offset : width - 1 - (bit - offset);
                    Assert.Equal(isInside ? ((value >> place) & 1) != 0 : before[bit], after[bit]);
                }
            }
        }
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(0, 0)]
    [InlineData(0, 65)]
    [InlineData(93, 4)]
    public void A_field_outside_of_its_struct_is_refused(int offset, int width)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BpfBits.Read(new byte[12], offset, width));
        Assert.Throws<ArgumentOutOfRangeException>(() => BpfBits.Write(new byte[12], offset, width, 0));
    }

    private static bool[] Bits(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length * 8).Select(bit => ((bytes[bit / 8] >> (BitConverter.IsLittleEndian ? bit % 8 : 7 - (bit % 8))) & 1) != 0)];
}

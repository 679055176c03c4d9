using System;
using System.Globalization;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

public sealed class KernelConfigWriterTests
{
    public static TheoryData<string, bool, int, bool> Ranges()
    {
        var data = new TheoryData<string, bool, int, bool>();
        foreach (int size in (int[])[1, 2, 4])
        {
            Int128 unsignedMax = (Int128.One << (size * 8)) - 1;
            Int128 signedMax = unsignedMax >> 1;
            data.Add($"{unsignedMax}", false, size, true);
            data.Add($"{unsignedMax + 1}", false, size, false);
            data.Add("-1", false, size, false);
            data.Add($"{signedMax}", true, size, true);
            data.Add($"{signedMax + 1}", true, size, false);
            data.Add($"{-signedMax - 1}", true, size, true);
            data.Add($"{-signedMax - 2}", true, size, false);
        }

        // Eight bytes hold every number, whatever the sign.
        data.Add("18446744073709551615", false, 8, true);
        data.Add("18446744073709551615", true, 8, true);
        data.Add("-1", false, 8, true);
        return data;
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Integer_is_written_when_it_fits(string text, bool isSigned, int size, bool fits)
    {
        byte[] target = new byte[size];
        BpfExternDefinition definition = Define(KernelConfigType.Integer, isSigned);
        if (!fits)
        {
            Assert.Throws<BpfFormatException>(() => KernelConfigWriter.Write(definition, text, target));
            return;
        }

        KernelConfigWriter.Write(definition, text, target);
        Int128 expected = Int128.Parse(text, CultureInfo.InvariantCulture);
        for (int i = 0; i < size; i++)
            Assert.Equal((byte)(expected >> (8 * (BitConverter.IsLittleEndian ? i : size - 1 - i))), target[i]);
    }

    // The answers are those of strtoull(text, &end, 0) in glibc, with *end == 0 and errno == 0 for success.
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("250", 250UL)]
    [InlineData("0x10", 16UL)]
    [InlineData("0XfF", 255UL)]
    [InlineData("020", 16UL)]
    [InlineData("00", 0UL)]
    [InlineData("-1", ulong.MaxValue)]
    [InlineData("-0x10", ulong.MaxValue - 15)]
    [InlineData("+5", 5UL)]
    [InlineData("  7", 7UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    [InlineData("01777777777777777777777", ulong.MaxValue)]
    public void Number_is_read_as_in_C(string text, ulong value)
    {
        byte[] target = new byte[8];
        KernelConfigWriter.Write(Define(KernelConfigType.Integer, isSigned: false), text, target);
        Assert.Equal(value, BitConverter.ToUInt64(target));
    }

    [Theory]
    [InlineData("18446744073709551616")]
    [InlineData("0x10000000000000000")]
    [InlineData("02000000000000000000000")]
    [InlineData("08")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("12a")]
    [InlineData("12 ")]
    [InlineData("")]
    public void What_is_no_number_in_C_is_refused(string text)
        => Assert.Throws<BpfFormatException>(
            () => KernelConfigWriter.Write(Define(KernelConfigType.Integer, isSigned: false), text, new byte[8]));

    [Theory]
    [InlineData("y", 1)]
    [InlineData("n", 0)]
    [InlineData("yes", 1)] // The first letter alone counts.
    public void Bool_is_written(string text, byte expected)
        => AssertWritten([expected], KernelConfigType.Bool, text);

    [Theory]
    [InlineData("n", 0)]
    [InlineData("y", 1)]
    [InlineData("m", 2)]
    public void Tristate_is_written(string text, int expected)
        => AssertWritten(BitConverter.GetBytes(expected), KernelConfigType.Tristate, text);

    [Theory]
    [InlineData("y", false, (byte)'y')]
    [InlineData("m", true, (byte)'m')]
    [InlineData("65", true, 65)]
    [InlineData("255", false, 255)]
    [InlineData("-1", true, 255)]
    public void Char_is_written(string text, bool isSigned, byte expected)
        => AssertWritten([expected], KernelConfigType.Char, text, isSigned);

    [Theory]
    [InlineData("\"abc\"", "abc\0\0")]
    [InlineData("\"abcd\"", "abcd\0")]
    [InlineData("\"abcde\"", "abcd\0")]
    [InlineData("\"\"", "\0\0\0\0\0")]
    [InlineData("\"a\\\"b\"", "a\\\"b\0")]
    public void Text_is_written_as_much_as_fits_with_a_zero(string text, string expected)
        => AssertWritten(System.Text.Encoding.ASCII.GetBytes(expected), KernelConfigType.CharArray, text);

    [Theory]
    [InlineData("\"")]
    [InlineData("\"abc")]
    public void Text_without_an_end_is_refused(string text)
        => Assert.Throws<BpfFormatException>(() => KernelConfigWriter.Write(Define(KernelConfigType.CharArray, true), text, new byte[8]));

    [Fact]
    public void Values_of_the_wrong_kind_are_refused_by_every_variable()
    {
        (KernelConfigType Type, int Size, string Takes)[] variables =
        [
            (KernelConfigType.Bool, 1, "yn"),
            (KernelConfigType.Tristate, 4, "ynm"),
            (KernelConfigType.Char, 1, "ynm7"),
            (KernelConfigType.Integer, 4, "7"),
            (KernelConfigType.CharArray, 4, "\""),
        ];
        foreach (string text in (string[])["y", "n", "m", "7", "\"t\""])
        {
            foreach ((KernelConfigType type, int size, string takes) in variables)
            {
                Exception? thrown = Record.Exception(() => KernelConfigWriter.Write(Define(type, true), text, new byte[size]));
                if (takes.Contains(text[0], StringComparison.Ordinal))
                    Assert.True(thrown is null, $"{text} into {type}: {thrown}");
                else
                    Assert.Equal(BpfDiagnosticId.BadKernelConfigValue, Assert.IsType<BpfFormatException>(thrown).Id);
            }
        }
    }

    private static void AssertWritten(byte[] expected, KernelConfigType type, string text, bool isSigned = false)
    {
        byte[] target = new byte[expected.Length];
        Array.Fill(target, (byte)0xee);
        KernelConfigWriter.Write(Define(type, isSigned), text, target);
        Assert.Equal(expected, target);
    }

    private static BpfExternDefinition Define(KernelConfigType type, bool isSigned)
        => new("CONFIG_X", BpfExternKind.KernelConfig) { ConfigType = type, IsSigned = isSigned };
}

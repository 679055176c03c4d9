using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class KernelConfigTests
{
    private const string Sample =
        "#\n# Automatically generated file\n#\nCONFIG_BPF=y\n# CONFIG_KPROBES is not set\nCONFIG_HZ=250\nCONFIG_LOCALVERSION=\"-test\"\nCONFIG_MOD=m\n";

    [Fact]
    public void Wanted_options_are_found()
    {
        KernelConfig config = KernelConfig.Parse(["CONFIG_BPF", "CONFIG_HZ", "CONFIG_LOCALVERSION", "CONFIG_KPROBES"], Sample);
        Assert.Equal("y", Raw(config, "CONFIG_BPF"));
        Assert.Equal("250", Raw(config, "CONFIG_HZ"));
        Assert.Equal("\"-test\"", Raw(config, "CONFIG_LOCALVERSION"));
        Assert.False(config.TryGet("CONFIG_KPROBES", out _));
        Assert.False(config.TryGet("CONFIG_MOD", out _));
        Assert.False(config.IsComplete);
    }

    [Fact]
    public void First_value_wins_and_a_text_before_a_file()
    {
        KernelConfig config = KernelConfig.Parse(["CONFIG_A", "CONFIG_B"], "CONFIG_A=1\nCONFIG_A=2\n");
        config.Add(new MemoryStream("CONFIG_A=3\nCONFIG_B=4\nCONFIG_B=5\n"u8.ToArray()), "file");
        Assert.Equal("1", Raw(config, "CONFIG_A"));
        Assert.Equal("4", Raw(config, "CONFIG_B"));
        Assert.True(config.IsComplete);
    }

    [Fact]
    public void Packed_file_is_read_as_the_plain_one()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Sample));
        packed.Position = 0;
        KernelConfig config = KernelConfig.Parse(["CONFIG_HZ"], null);
        config.Add(packed, "config.gz");
        Assert.Equal("250", Raw(config, "CONFIG_HZ"));
    }

    [Fact]
    public void Damaged_packed_file_is_refused()
    {
        KernelConfig config = KernelConfig.Parse(["CONFIG_HZ"], null);
        byte[] damaged = [0x1f, 0x8b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        Assert.Throws<BpfFormatException>(() => config.Add(new MemoryStream(damaged), "config.gz"));
    }

    [Theory]
    [InlineData("CONFIG_A\n")]
    [InlineData("CONFIG_A=\n")]
    [InlineData("CONFIG_OTHER\n")]
    public void Line_without_a_value_is_refused(string text)
        => Assert.Throws<BpfFormatException>(() => KernelConfig.Parse(["CONFIG_A"], text));

    [Theory]
    [InlineData("A=1\n")]
    [InlineData(" CONFIG_A=1\n")]
    [InlineData("# CONFIG_A=1\n")]
    [InlineData("\n")]
    public void Lines_that_do_not_begin_with_an_option_are_passed_over(string text)
        => Assert.False(KernelConfig.Parse(["CONFIG_A"], text).TryGet("CONFIG_A", out _));

    [Theory]
    [InlineData("y", new byte[] { 1 })]
    [InlineData("n", new byte[] { 0 })]
    [InlineData("yes", new byte[] { 1 })] // The first letter alone counts.
    public void Bool_is_written(string raw, byte[] expected)
        => AssertWritten(expected, raw, (v, d) => v.WriteBool(d));

    [Theory]
    [InlineData("n", new byte[] { 0, 0, 0, 0 })]
    [InlineData("y", new byte[] { 1, 0, 0, 0 })]
    [InlineData("m", new byte[] { 2, 0, 0, 0 })]
    public void Tristate_is_written(string raw, byte[] expected)
        => AssertWritten(expected, raw, (v, d) => v.WriteTristate(d));

    [Theory]
    [InlineData("y", false, new byte[] { (byte)'y' })]
    [InlineData("m", true, new byte[] { (byte)'m' })]
    [InlineData("65", true, new byte[] { 65 })]
    [InlineData("255", false, new byte[] { 255 })]
    [InlineData("-1", true, new byte[] { 255 })]
    public void Char_is_written(string raw, bool isSigned, byte[] expected)
        => AssertWritten(expected, raw, (v, d) => v.WriteChar(d, isSigned));

    [Theory]
    [InlineData("\"abc\"", new byte[] { (byte)'a', (byte)'b', (byte)'c', 0, 0 }, true)]
    [InlineData("\"abcd\"", new byte[] { (byte)'a', (byte)'b', (byte)'c', (byte)'d', 0 }, true)]
    [InlineData("\"abcde\"", new byte[] { (byte)'a', (byte)'b', (byte)'c', (byte)'d', 0 }, false)]
    [InlineData("\"\"", new byte[] { 0, 0, 0, 0, 0 }, true)]
    [InlineData("\"a\\\"b\"", new byte[] { (byte)'a', (byte)'\\', (byte)'"', (byte)'b', 0 }, true)]
    public void Text_is_written_with_a_zero(string raw, byte[] expected, bool whole)
        => AssertWritten(expected, raw, (v, d) => Assert.Equal(whole, v.WriteText(d)));

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

        data.Add("18446744073709551615", false, 8, true);
        data.Add("18446744073709551615", true, 8, true);
        data.Add("-1", false, 8, true);
        return data;
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Integer_is_written_when_it_fits(string raw, bool isSigned, int size, bool fits)
    {
        var value = new KernelConfigValue("CONFIG_X", raw);
        byte[] destination = new byte[size];
        if (!fits)
        {
            Assert.Equal(Errno.ERANGE, Assert.Throws<BpfException>(() => value.WriteInteger(destination, isSigned)).Errno);
            return;
        }

        value.WriteInteger(destination, isSigned);
        Int128 expected = Int128.Parse(raw, System.Globalization.CultureInfo.InvariantCulture);
        for (int i = 0; i < size; i++)
            Assert.Equal((byte)(expected >> (8 * (BitConverter.IsLittleEndian ? i : size - 1 - i))), destination[i]);
    }

    [Fact]
    public void Values_of_the_wrong_kind_are_refused_by_every_variable()
    {
        var writers = new Dictionary<string, (Action<KernelConfigValue> Write, string Takes)>
        {
            ["bool"] = (v => v.WriteBool(new byte[1]), "yn"),
            ["tristate"] = (v => v.WriteTristate(new byte[4]), "ynm"),
            ["char"] = (v => v.WriteChar(new byte[1], true), "ynm1"),
            ["int"] = (v => v.WriteInteger(new byte[4], true), "1"),
            ["text"] = (v => v.WriteText(new byte[4]), "\""),
        };
        foreach (string raw in (string[])["y", "n", "m", "1", "\"t\""])
        {
            foreach ((string variable, (Action<KernelConfigValue> write, string takes)) in writers)
            {
                Exception? thrown = Record.Exception(() => write(new KernelConfigValue("CONFIG_X", raw)));
                if (takes.Contains(raw[0], StringComparison.Ordinal))
                    Assert.True(thrown is null, $"{raw} into {variable}: {thrown}");
                else
                    Assert.Equal(Errno.EINVAL, Assert.IsType<BpfException>(thrown).Errno);
            }
        }
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"abc")]
    public void Text_without_an_end_is_refused(string raw)
        => Assert.Throws<BpfException>(() => new KernelConfigValue("CONFIG_X", raw).WriteText(new byte[8]));

    private static string Raw(KernelConfig config, string name)
    {
        Assert.True(config.TryGet(name, out KernelConfigValue value));
        return value.Raw;
    }

    private static void AssertWritten(byte[] expected, string raw, Action<KernelConfigValue, byte[]> write)
    {
        byte[] destination = new byte[expected.Length];
        Array.Fill(destination, (byte)0xee);
        write(new KernelConfigValue("CONFIG_X", raw), destination);
        Assert.Equal(expected, destination);
    }
}

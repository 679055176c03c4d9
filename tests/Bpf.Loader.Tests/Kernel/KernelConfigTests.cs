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

    [Theory]
    [InlineData("CONFIG_KPROBES", "The kernel knows it, and was built without it.")]
    [InlineData("CONFIG_KPROBE", "Did you mean 'CONFIG_KPROBES'?")]
    [InlineData("CONFIG_ZH", "Did you mean 'CONFIG_HZ'?")]
    [InlineData("CONFIG_SOMETHING_ELSE", null)]
    public void An_option_that_is_not_set_is_told_with_its_neighbour(string name, string? says)
        => Assert.Equal(says, KernelConfig.FindNear(new MemoryStream(Encoding.UTF8.GetBytes(Sample)), name));

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

    private static string Raw(KernelConfig config, string name)
    {
        Assert.True(config.TryGet(name, out string? value));
        return value;
    }
}

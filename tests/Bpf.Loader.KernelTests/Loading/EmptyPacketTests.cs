using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>A program that takes a packet runs on one of zeroes when none is given.</summary>
public sealed class EmptyPacketTests : KernelTest
{
    public static TheoryData<string> Sections { get; } =
    [
        "xdp", "tc", "action", "socket", "cgroup_skb/ingress", "cgroup_skb/egress", "lwt_in", "lwt_out", "lwt_xmit", "lwt_seg6local", "flow_dissector", "netfilter",
    ];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Without_data_the_packet_is_of_zeroes(string section)
    {
        BpfObjectFile file = Object(section).Read();
        if (BpfFeatures.Probe(file.Programs[0].Type) != BpfSupport.Yes) Assert.Skip($"This kernel has no programs of type {file.Programs[0].Type}.");
        using BpfObject bpf = file.Load();
        BpfTestRunResult result;
        try
        {
            result = bpf.Programs["program"].TestRun();
        }
        catch (BpfException e) when (e.Errno is Errno.ENOTSUPP or Errno.EOPNOTSUPP)
        {
            Assert.Skip($"This kernel runs no {section} without its hook."); // netfilter before 6.7
            return;
        }

        // Before 6.0 a flow dissector's run answered whether it was BPF_OK, which is 0.
        uint expected = section == "flow_dissector" && KernelVersion.Current.CompareTo(new KernelVersion(6, 0, 0)) < 0 ? 1u : 0u;
        Assert.Equal(expected, result.ReturnValue);
        if (section != "flow_dissector") Assert.DoesNotContain(result.Data.ToArray(), static b => b != 0); // it gives struct bpf_flow_keys
        if (section is "xdp" or "tc" or "action") Assert.Equal(14, result.Data.Length);
        Assert.Equal(expected, bpf.Programs["program"].TestRun(new BpfTestRunOptions { Repeat = section == "netfilter" ? 1 : 3 }).ReturnValue);
    }

    [Fact]
    public void Programs_without_a_packet_get_none()
    {
        using BpfObject bpf = TestObjects.Load("hook_syscall");
        Assert.True(bpf.Programs["add"].TestRun(new BpfTestRunOptions { Context = new byte[24] }).Data.IsEmpty);
    }

    private static ObjectBuilder Object(string section)
    {
        var file = new ObjectBuilder();
        file.AddProgram(section, "program");
        file.AddData("license", [.. "GPL\0"u8]);
        return file;
    }
}

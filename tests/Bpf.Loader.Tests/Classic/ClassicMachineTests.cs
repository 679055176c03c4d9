using System;
using Bpf.Loader.Classic;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Classic;

public class ClassicMachineTests
{
    private readonly BpfMachine _machine = new();

    [Theory]
    [InlineData("ld #7\nldx #0\ndiv x\nret #9", 0u)] // division by 0 ends the filter
    [InlineData("ld #7\nldx #2\nmod x\nret a", 1u)]
    [InlineData("ld #0x80000000\nldx #0x80000000\nadd x\nadd #3\nret a", 3u)]
    [InlineData("ld #1\nneg\nret a", uint.MaxValue)]
    [InlineData("ld #-1\njgt #0x7fffffff, yes\nret #0\nyes: ret #1", 1u)] // comparisons are unsigned
    [InlineData("ld #5\nst M[15]\nldx M[15]\ntxa\nmul #3\nret a", 15u)]
    [InlineData("ld len\nret a", 58u)]
    [InlineData("ldb [100]\nret #1", 0u)] // the packet ends before
    [InlineData("ldh [12]\nret a", 0x800u)]
    [InlineData("ldx #12\nldh [x + 0]\nret a", 0x800u)]
    [InlineData("ldx 4*([14]&0xf)\ntxa\nret a", 20u)]
    [InlineData("ldb [-0x100000]\nret a", 0x45u)] // from the network header
    [InlineData("ldh [-2097140]\nret a", 0x800u)] // SKF_LL_OFF + 12
    [InlineData("ld proto\nret a", 0x800u)]
    [InlineData("ld ifidx\nret a", 1u)]
    [InlineData("ld hatype\nret a", 1u)]
    [InlineData("ld poff\nret a", 54u)]
    [InlineData("ld #6\nldx #3\nldb [xor_x]\nret a", 5u)]
    [InlineData("ld cpu\nret a", 2u)]
    [InlineData("ld mark\nret a", 77u)]
    public void Filters_compute_as_the_kernel_has_it(string text, uint result)
    {
        _machine.Cpu = 2;
        var context = new SkBuffContext(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).Payload("abcd").ToArray()) { Mark = 77 };
        Assert.Equal(result, _machine.Load(ClassicFilter.Parse(text)).Run(context));
    }

    [Fact]
    public void Netlink_attributes_are_found()
    {
        // Two attributes at offset 20: type 1 with 5 bytes, type 2 with a nested one of type 7.
        byte[] message = [.. new byte[20], 9, 0, 1, 0, 1, 2, 3, 4, 5, 0, 0, 0, 12, 0, 2, 0, 8, 0, 7, 0, 1, 2, 3, 4];
        Assert.Equal(32u, _machine.Load(ClassicFilter.Parse("ld #20\nldx #2\nld nla\nret a")).Run(message));
        Assert.Equal(36u, _machine.Load(ClassicFilter.Parse("ld #32\nldx #7\nld nlan\nret a")).Run(message));
        Assert.Equal(0u, _machine.Load(ClassicFilter.Parse("ld #20\nldx #3\nld nla\nret a")).Run(message));
        Assert.Equal(0u, _machine.Load(ClassicFilter.Parse("ld #1000\nldx #3\nld nla\nret a")).Run(message));
    }

    [Fact]
    public void System_calls_are_judged()
    {
        BpfMachineFilter filter = _machine.Load(ClassicFilter.Parse("""
                  ld [4]
                  jne #0xc000003e, kill
                  ld [0]
                  jeq #39, refuse
                  jne #1, allow
                  ld [16]
                  jeq #2, log
            allow: ret #0x7fff0000
            log:   ret #0x7ffc0000
            refuse: ret #0x00050001
            kill:  ret #0x80000000
            """), ClassicFilterUse.Seccomp);
        Assert.Equal(new SeccompVerdict(SeccompAction.Errno, 1), filter.RunSystemCall(39, architecture: 0xc000003e));
        Assert.Equal(new SeccompVerdict(SeccompAction.Log, 0), filter.RunSystemCall(1, [2], 0xc000003e));
        Assert.Equal(new SeccompVerdict(SeccompAction.Allow, 0), filter.RunSystemCall(1, [1], 0xc000003e));
        Assert.Equal(new SeccompVerdict(SeccompAction.KillProcess, 0), filter.RunSystemCall(1, [1], 0xc00000b7));
        Assert.Throws<InvalidOperationException>(() => filter.Run(new byte[20]));
    }

    [Fact]
    public void What_the_kernel_refuses_the_machine_refuses() =>
        Assert.Contains("M[3] was not written", Assert.Throws<ArgumentException>(() => _machine.Load(ClassicFilter.Parse("ld M[3]\nret a"))).Message, StringComparison.Ordinal);
}

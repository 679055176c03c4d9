using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Queries;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>
/// Decoders of infrared receivers. The kernel takes them only with its infrared code built in (CONFIG_BPF_LIRC_MODE2), which
/// distributions have as a module.
/// </summary>
public sealed class LircTests : KernelTest
{
    [Fact]
    public void A_decoder_sees_the_pulses()
    {
        Requires.Function("lirc_prog_attach", "CONFIG_BPF_LIRC_MODE2");
        // It sends to itself; a receiver of hardware would need somebody who sends.
        Shell.Run("modprobe rc-loopback");
        string device = Directory.GetFiles("/dev", "lirc*").First(path => File.ReadAllText($"/sys/class/lirc/{Path.GetFileName(path)}/device/uevent").Contains("rc-loopback", StringComparison.Ordinal));
        using var program = new AttachedProgram(BpfProgramType.LircMode2);
        using (BpfLink link = LircAttacher.Attach(program.Source, device))
        {
            Assert.False(link.IsKernelLink);
            Assert.Contains(HookQuery.OfLirc(device).Programs, attached => attached.ProgramId == program.Id);
            uint[] pulses = [560, 560, 560];
            for (int i = 0; program.Runs < pulses.Length; i++)
            {
                Assert.True(i < 100, $"{program.Runs} pulses were seen");
                File.WriteAllBytes(device, MemoryMarshal.AsBytes(pulses.AsSpan()));
            }
        }

        Assert.Empty(HookQuery.OfLirc(device).Programs);
    }

    [Fact]
    public void What_is_no_receiver_is_named()
    {
        using var program = new AttachedProgram(BpfProgramType.SocketFilter);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfAttachException>(() => LircAttacher.Attach(program.Source, "/dev/none-such")).Errno);
        Assert.Contains("no infrared receiver", Assert.Throws<BpfAttachException>(() => LircAttacher.Attach(program.Source, "/dev/null")).Message, StringComparison.Ordinal);
    }
}

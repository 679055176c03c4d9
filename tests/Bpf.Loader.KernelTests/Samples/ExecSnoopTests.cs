using System;
using System.Globalization;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

public sealed class ExecSnoopTests
{
    [Fact]
    public void Shows_a_process_with_its_parent_and_arguments()
    {
        Sample.SkipOnEmulatedCpu();
        using Sample snoop = Sample.Start("execsnoop");
        Assert.Equal(["PID", "PPID", "UID", "COMM", "ARGUMENTS"], snoop.ReadLine().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Shell.Run("true one two");
        string[] words = snoop.ReadLineWith("true", "one two").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), words[1]);
        Assert.Equal(["0", "true", "true", "one", "two"], words[2..]);
        snoop.Stop();
    }

    [Fact]
    public void Shows_the_processes_of_one_user()
    {
        Sample.SkipOnEmulatedCpu();
        using Sample snoop = Sample.Start("execsnoop", "--uid", "65534");
        snoop.ReadLine();
        Shell.Run("true by root");
        Shell.Run("setpriv --reuid 65534 true by nobody");
        Assert.Contains("true by nobody", snoop.ReadLine(), StringComparison.Ordinal);
        snoop.Stop();
    }
}

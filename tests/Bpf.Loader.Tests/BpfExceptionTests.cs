using System;
using Xunit;

namespace Bpf.Loader.Tests;

public sealed class BpfExceptionTests
{
    [Fact]
    public void Message_names_call_object_errno_and_remedy()
    {
        var exception = new BpfException(BpfCommand.MapCreate, Errno.EPERM, "map 'events'", "Needs CAP_BPF.");
        Assert.Equal("BPF4000: BPF_MAP_CREATE of map 'events' is refused. Needs CAP_BPF. The kernel said: EPERM (Operation not permitted).", exception.Message);
        Assert.Equal("docs/diagnostics.md#bpf4000", exception.HelpLink);
    }

    [Fact]
    public void Call_other_than_bpf_has_no_command()
    {
        var exception = new BpfException("perf_event_open", Errno.EACCES, null, null);
        Assert.Null(exception.Command);
        Assert.Equal("perf_event_open", exception.Operation);
    }

    [Fact]
    public void Missing_feature_names_its_kernel()
    {
        var exception = new BpfNotSupportedException("BPF cookies", "5.15", BpfCommand.LinkCreate, objectName: "program 'p'");
        Assert.Equal(
            "BPF4039: program 'p' needs BPF cookies, which is not supported by this kernel; Linux 5.15 is the first that has it.",
            exception.Message);
    }

    [Fact]
    public void Every_command_has_its_uapi_name()
    {
        foreach (BpfCommand command in Enum.GetValues<BpfCommand>())
        {
            string name = command.ToUapiName();
            Assert.StartsWith("BPF_", name, StringComparison.Ordinal);
        }

        Assert.Equal("bpf command 4711", ((BpfCommand)4711).ToUapiName());
    }
}

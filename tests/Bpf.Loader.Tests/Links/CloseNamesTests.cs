using Bpf.Loader.Links;
using Xunit;

namespace Bpf.Loader.Tests.Links;

public sealed class CloseNamesTests
{
    [Fact]
    public void The_closest_come_first_and_no_more_than_three()
    {
        Assert.Equal(
            ["tcp_connec", "tcp_connect", "tcp_xxnnetc"],
            CloseNames.Of("tcp_connetc", ["udp_sendmsg", "tcp_connect", "tcp_xxxnetc", "tcp_xxnnetc", "tcp_connec", "tcp_connect", "x"]));
    }

    [Fact]
    public void A_name_that_holds_the_wanted_one_is_close() =>
        Assert.Equal(["__x64_sys_openat.isra.0"], CloseNames.Of("sys_openat", ["__x64_sys_openat.isra.0", "something_else"]));

    [Fact]
    public void Other_names_are_not_close()
    {
        Assert.Empty(CloseNames.Of("malloc", ["free", "realpath", "", new string('m', 500)]));
        Assert.Empty(CloseNames.Of(new string('z', 500), ["free"]));
    }
}

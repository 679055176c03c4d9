using System.Net;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.Tests.Maps;

public class IPNetworkTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.0/120")]
    [InlineData("0.0.0.0/0", "::ffff:0.0.0.0/96")]
    [InlineData("203.0.113.7/32", "::ffff:203.0.113.7/128")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    public void Both_families_go_into_one_list_and_come_back(string written, string mapped)
    {
        IPNetwork network = IPNetwork.Parse(written);
        Assert.Equal(IPNetwork.Parse(mapped), network.MapToIPv6());
        Assert.Equal(network, network.MapToIPv6().MapToIPv4());
    }

    [Theory]
    [InlineData("::/0")] // it holds all of both
    [InlineData("::ffff:0.0.0.0/95")]
    public void What_holds_more_than_IPv4_stays(string written) => Assert.Equal(IPNetwork.Parse(written), IPNetwork.Parse(written).MapToIPv4());
}

using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Bpf.Loader.Tests.Classic;

/// <summary>Debian's <c>tcpdump</c>, whose compiler and printer are what filters are held to.</summary>
internal static class Tcpdump
{
    /// <summary>Expressions of pcap-filter(7), each of which makes instructions that others do not.</summary>
    public static readonly string[] Expressions =
    [
        "", "ip", "ip6", "arp", "rarp", "tcp", "udp", "icmp", "icmp6", "igmp", "sctp", "ah", "esp", "vrrp", "carp", "decnet", "atalk", "aarp", "ipx", "stp", "iso", "lat", "moprc",
        "host 10.0.0.1", "src host 10.0.0.1", "dst host 10.0.0.1", "host 10.0.0.1 and host 10.1.2.3", "ip host 10.0.0.1", "arp host 10.0.0.1",
        "host 2001:db8::1", "src host 2001:db8::1", "ip6 host 2001:db8::2", "net 10.0.0.0/8", "src net 10.1.0.0/16", "dst net 192.0.2.0/24", "net 2001:db8::/32", "net 10",
        "ether host 02:00:00:00:00:01", "ether src 02:00:00:00:00:01", "ether dst 02:00:00:00:00:02", "ether broadcast", "ether multicast", "ip broadcast or ip multicast", "ip multicast", "ip6 multicast",
        "ether proto 0x88cc", "ether proto \\ip", "ip proto 47", "ip6 proto 58", "proto \\tcp", "ip protochain 6", "ip6 protochain 6",
        "port 80", "src port 80", "dst port 443", "tcp port 80", "udp port 53", "tcp src port 40000", "udp dst port 53", "portrange 1024-2048", "tcp portrange 80-443", "src portrange 1-1023",
        "port 80 or port 443", "not port 22", "tcp and not port 22", "tcp port 80 and host 10.0.0.1", "(tcp or udp) and port 53", "host 10.0.0.1 or arp", "not (tcp or udp)",
        "less 60", "greater 100", "len = 60", "len > 60 and len < 1500", "len != 42",
        "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "tcp[tcpflags] == tcp-syn", "tcp[13] = 2", "tcp[2:2] > 1024", "tcp[4:4] = 0", "ip[0] & 0xf != 5", "ip[6:2] & 0x1fff = 0", "ip[8] < 64", "icmp[icmptype] = icmp-echo",
        "icmp[0] == 8 or icmp[0] == 0", "udp[4:2] > 100", "ether[0] & 1 = 0", "ether[12:2] = 0x800", "ip6[6] = 58", "tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420", "ip[2:2] - ((ip[0] & 0xf) << 2) > 20",
        "ip[9] * 2 = 12", "ip[9] / 2 = 3", "ip[9] % 4 = 2", "ip[9] ^ 6 = 0", "ip[8] | 1 = 65", "ip[8] + ip[9] = 70", "ip[8] - ip[9] > 10", "ip[8] << 2 > 100", "ip[8] >> 2 = 16", "ip[8] / ip[9] > 3", "ip[8] % ip[9] = 4", "-ip[9] = 0xfffffffa",
        "ip[ip[9]] = 0", "ether[ip[9] + 3:2] = 0", "ip[8] > ip[9]", "ip[12:4] & ip[16:4] = 0x0a000001", "ip[12:4] | ip[16:4] > ip[12:4]",
        "vlan", "vlan 3", "vlan and ip", "vlan 3 and tcp port 80", "vlan 3 and vlan 4 and udp", "ip or vlan", "mpls", "mpls 100", "mpls and ip", "pppoes", "pppoes and ip", "geneve", "llc", "gateway 10.0.0.1 or arp",
        "ip and ether[6:4] = 0x02000000", "udp and ip[8] = 64 and (port 53 or port 67) and not host 10.9.9.9",
    ];

    /// <summary>Runs it; null when it refuses the expression.</summary>
    public static byte[]? TryRun(params string[] arguments)
    {
        Assert.SkipUnless(IsThere, "needs Debian's tcpdump: apt-get install tcpdump");
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        error.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? output.ToArray() : null;
    }

    private const string Path = "/usr/bin/tcpdump";

    private static bool IsThere => OperatingSystem.IsLinux() && File.Exists(Path);
}

using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class TcpConnectTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("tracepoint")]
    [InlineData("kprobe")]
    public void Shows_connections_of_both_families(string? hook)
    {
        if (hook == "tracepoint")
            Sample.SkipOnEmulatedCpu();
        if (hook == "kprobe")
            Requires.Kprobes();
        using Sample sample = Sample.Start("tcpconnect", hook is null ? [] : ["--hook", hook]);
        sample.ReadLine();
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using var listener = new TcpListener(address, 0);
            listener.Start();
            var target = (IPEndPoint)listener.LocalEndpoint;
            using var client = new TcpClient(address.AddressFamily);
            client.Connect(target);
            string[] words = sample.ReadLineWith(target.ToString()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), words[0]);
            Assert.Equal([address.ToString(), target.ToString()], words[^2..]);
        }

        sample.Stop();
        Assert.Equal($"attached by {hook ?? Best()}\n", sample.Errors);
    }

    private static string Best() => Has("register_ftrace_direct") && Has("perf_kprobe_init") ? "fentry" : Has("perf_kprobe_init") ? "kprobe" : "tracepoint";

    private static bool Has(string function) => KernelSymbols.Find([function]).TryGet(function, out _);
}

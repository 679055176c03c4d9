using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class AgentTests
{
    [Fact]
    public void Events_are_logged_and_metrics_reach_a_collector()
    {
        Sample.SkipOnEmulatedCpu();
        using HttpListener collector = Collect(out string url);
        using Sample agent = Sample.StartWith(
            new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            },
            "agent");
        agent.ReadLineWith("Application started");
        Shell.Run("true");
        agent.ReadLineWith("true started as process", $"by {Environment.ProcessId}");
        using (var client = new TcpClient("127.0.0.1", new Uri(url).Port))
            agent.ReadLineWith($"({Environment.ProcessId}) connects to {client.Client.RemoteEndPoint}");

        HashSet<string> missing =
        [
            "agent.processes", "agent.connections", "agent.run_queue.wait",
            "bpf.link.count", "bpf.events.handled", "execsnoop", "tcpconnect", "runqlat",
        ];
        while (missing.Count > 0)
        {
            string metrics = Receive(collector);
            missing.RemoveWhere(name => metrics.Contains(name, StringComparison.Ordinal));
        }

        // Nobody answers any more: the agent ends all the same.
        collector.Stop();
        agent.Stop();
    }

    private static HttpListener Collect(out string url)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            url = $"http://{free.LocalEndpoint}/";
        }

        var collector = new HttpListener();
        collector.Prefixes.Add(url);
        collector.Start();
        return collector;
    }

    // Protocol buffers hold text as it is, in UTF-8.
    private static string Receive(HttpListener collector)
    {
        HttpListenerContext request = collector.GetContext();
        Assert.Equal("/v1/metrics", request.Request.Url!.AbsolutePath);
        using var reader = new StreamReader(request.Request.InputStream, Encoding.UTF8);
        string body = reader.ReadToEnd();
        request.Response.Close();
        return body;
    }
}

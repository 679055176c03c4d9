using System.Diagnostics.Metrics;

namespace Bpf.Samples;

/// <summary>What the agent counts.</summary>
internal sealed class AgentMetrics
{
    public const string Name = "Bpf.Samples.Agent";

    private readonly Counter<long> _processes, _connections;

    public AgentMetrics(IMeterFactory factory, Runqlat runqlat)
    {
        Meter meter = factory.Create(Name);
        _processes = meter.CreateCounter<long>("agent.processes", "{process}", "Processes that were started.");
        _connections = meter.CreateCounter<long>("agent.connections", "{connection}", "TCP connections that were opened from here.");

        // No event is sent for these: the kernel counts, and its map is read when metrics are collected.
        meter.CreateObservableLog2Histogram("agent.run_queue.wait", runqlat.Maps.Microseconds, "us", "How long threads waited for a CPU.");
    }

    public void ProcessStarted(uint uid) => _processes.Add(1, new KeyValuePair<string, object?>("user.id", uid));

    public void Connecting(ushort port) => _connections.Add(1, new KeyValuePair<string, object?>("server.port", (int)port));
}

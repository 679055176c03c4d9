// An agent made of three samples, as a service: it logs processes and connections, and sends what it counts by OTLP to a
// collector. What it is configured by are the variables of OpenTelemetry:
//
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317 agent
using Bpf.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using static Bpf.Samples.Execsnoop;
using static Bpf.Samples.Tcpconnect;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);

// Each object is loaded and attached when the host starts, detached when it stops.
builder.Services
    .AddBpf<Execsnoop>()
    .CountDrops(snoop => snoop.Maps.Events, snoop => snoop.Bss.Dropped)
    .AddEvents<ExecEvent, ProcessLog>("events");
builder.Services
    .AddBpf<Tcpconnect>()
    .Configure(connect => ConnectHook.Select(connect.File, ConnectHook.FindBest()))
    .CountDrops(connect => connect.Maps.Events, connect => connect.Bss.Dropped)
    .AddEvents<ConnectEvent, ConnectionLog>("events");
builder.Services.AddBpf<Runqlat>();
builder.Services.AddHealthChecks().AddBpf();
builder.Services.AddSingleton<AgentMetrics>();

using IHost host = builder.Build();
host.Services.GetRequiredService<AgentMetrics>();

// The loader's own meter tells what the programs cost, how full their maps are, and what was lost.
using MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
    .AddMeter("Bpf.Loader", AgentMetrics.Name)
    .AddOtlpExporter()
    .Build();
await host.RunAsync();

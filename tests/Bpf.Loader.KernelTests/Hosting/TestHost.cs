using System;
using System.Threading.Tasks;
using Bpf.Loader.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>Hosts that have nothing but objects.</summary>
internal static class TestHost
{
    public static IHost Build(Action<IServiceCollection> configure, LogLines? log = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        if (log is not null) log.AddTo(builder.Logging);
        configure(builder.Services);
        return builder.Build();
    }

    /// <summary>What the host has of a class.</summary>
    public static BpfSession Session<TSkeleton>(this IHost host) => host.Services.GetRequiredKeyedService<BpfSession>(typeof(TSkeleton).FullName);

    /// <summary>What the health check says.</summary>
    public static async Task<(HealthStatus Status, string? Description)> CheckAsync(this IHost host)
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        return (report.Entries["bpf"].Status, report.Entries["bpf"].Description);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bpf.Loader.Hosting;

/// <summary>Adds the health check of objects.</summary>
[SupportedOSPlatform("linux")]
public static class BpfHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks the host's objects: unhealthy when one is not loaded or not attached, or when a link is gone, as with its network device;
    /// degraded when a program was passed over or could not be attached, or when events were dropped since the check before.
    /// </summary>
    /// <param name="builder">The health checks of the host.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What to report instead of unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddBpf(
        this IHealthChecksBuilder builder, string name = "bpf", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(provider => new BpfHealthCheck(
            [.. provider.GetServices<BpfSessionName>().Select(session => provider.GetRequiredKeyedService<BpfSession>(session.Name))]));
        return builder.Add(new HealthCheckRegistration(name, provider => provider.GetRequiredService<BpfHealthCheck>(), failureStatus, tags));
    }
}

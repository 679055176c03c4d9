using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bpf.Loader.Hosting;

/// <summary>Adds objects to a host.</summary>
[SupportedOSPlatform("linux")]
public static class BpfServiceCollectionExtensions
{
    /// <summary>
    /// Loads and attaches an object with the host, and detaches it when the host's stop begins. The skeleton can be injected
    /// everywhere: it is loaded when it is first wanted, at the latest before any service starts, and its maps stay until the host is
    /// disposed. Its programs' metrics are in the meter <c>Bpf.Loader</c>.
    /// </summary>
    /// <typeparam name="TSkeleton">The class that was generated for the object.</typeparam>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">What to change before it is loaded.</param>
    /// <returns>A builder, to read events.</returns>
    /// <exception cref="InvalidOperationException">The object was added before.</exception>
    public static BpfBuilder<TSkeleton> AddBpf<TSkeleton>(this IServiceCollection services, Action<BpfHostOptions>? configure = null)
        where TSkeleton : class, IBpfSkeleton<TSkeleton>
    {
        ArgumentNullException.ThrowIfNull(services);
        string name = typeof(TSkeleton).FullName!;
        var builder = new BpfBuilder<TSkeleton>(services, name);
        Add(builder, TSkeleton.OpenFile, configure);
        services.AddSingleton(provider => TSkeleton.FromObject(provider.GetRequiredKeyedService<BpfSession>(name).Object));
        return builder;
    }

    /// <summary>
    /// Loads and attaches an object file with the host, and detaches it when the host's stop begins. The <see cref="BpfObject"/> can
    /// be injected, by the file's name without <c>.bpf.o</c> as the key if there are several.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="path">The object file.</param>
    /// <param name="configure">What to change before it is loaded.</param>
    /// <returns>A builder, to read events.</returns>
    /// <exception cref="InvalidOperationException">An object of that name was added before.</exception>
    public static BpfBuilder AddBpf(this IServiceCollection services, string path, Action<BpfHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(path);
        foreach (string extension in new[] { ".bpf.o", ".o" })
        {
            if (!name.EndsWith(extension, StringComparison.Ordinal)) continue;
            name = name[..^extension.Length];
            break;
        }

        var builder = new BpfBuilder(services, name);
        Add(builder, options => BpfObjectFile.Open(path, options), configure);
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<BpfSession>(name).Object);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<BpfSession>(name).Object);
        return builder;
    }

    /// <summary>Where the host's objects log: nowhere in a container without logging.</summary>
    internal static ILogger GetBpfLogger(this IServiceProvider provider) => provider.GetLogger("Bpf.Loader");

    private static ILogger GetLogger(this IServiceProvider provider, string category) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger(category) ?? NullLogger.Instance;

    private static void Add(BpfBuilder builder, Func<BpfOpenOptions?, BpfObjectFile> open, Action<BpfHostOptions>? configure)
    {
        (IServiceCollection services, string name) = (builder.Services, builder.Name);
        if (services.Any(service => service.ServiceType == typeof(BpfSession) && name.Equals(service.ServiceKey)))
            throw new InvalidOperationException($"'{name}' was added before.");

        services.AddMetrics();
        services.TryAddSingleton<BpfMetrics>();
        OptionsBuilder<BpfHostOptions> options = builder.Options;
        if (configure is not null) options.Configure(configure);
        services.AddKeyedSingleton(name, (provider, _) => new BpfSession(
            name, open, provider.GetRequiredService<IOptionsMonitor<BpfHostOptions>>(), provider.GetBpfLogger(), provider.GetLogger));
        services.AddSingleton(provider => new BpfSessionName(name));
        services.AddSingleton<IHostedService>(provider => new BpfHostedService(
            provider.GetRequiredKeyedService<BpfSession>(name), provider.GetRequiredService<BpfMetrics>()));
        services.AddSingleton<IHostedService>(provider => new BpfLogService(provider.GetRequiredKeyedService<BpfSession>(name)));
    }
}

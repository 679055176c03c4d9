using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Links.Rules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bpf.Loader.Hosting;

/// <summary>An object of a host, to be set up further.</summary>
[SupportedOSPlatform("linux")]
public class BpfBuilder
{
    internal BpfBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>What the object's options are called, and the key of its <see cref="BpfObject"/> service.</summary>
    public string Name { get; }

    /// <summary>The options, for those who need other services to configure them.</summary>
    public OptionsBuilder<BpfHostOptions> Options => Services.AddOptions<BpfHostOptions>(Name);

    /// <summary>
    /// Attaches a program from the host's start to its stop. The link is the host's: it is counted, watched, attached again where
    /// <see cref="BpfHostOptions.Reattach"/> asks for it, and detached at the stop.
    /// </summary>
    /// <param name="program">The name of the program.</param>
    /// <param name="attach">Attaches it, as in <c>count => count.AttachXdp("eth0")</c>; called again to attach it again.</param>
    /// <param name="name">What the link is called in logs and checks, where one program has several; otherwise as its program.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder Attach(string program, Func<BpfProgram, BpfLink> attach, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(attach);
        Options.Configure(options => options.AttachRules.Add(new AttachRule(name, loaded => loaded.Programs[program], attach)));
        return this;
    }

    /// <summary>
    /// Attaches a program to each target of a rule, from the host's start to its stop: to those that are there and, within a moment, to
    /// those that appear. The link goes when its target goes. Otherwise it is as one of <see cref="Attach"/>.
    /// </summary>
    /// <typeparam name="TTarget">What a target is.</typeparam>
    /// <param name="program">The name of the program.</param>
    /// <param name="targets">The rule, as in <c>TargetRules.Devices("veth*")</c>.</param>
    /// <param name="attach">
    /// Attaches it to one, as in <c>(count, device) => count.AttachXdp(device.Name)</c>. It is called again every
    /// <see cref="BpfHostOptions.WatchInterval"/> while it is refused, which is a warning, or gives null: for a process whose library is not
    /// loaded yet, say.
    /// </param>
    /// <param name="name">What the links are called, followed by <c>@</c> and the target; otherwise as their program.</param>
    /// <returns>This builder.</returns>
    /// <remarks>
    /// What cannot be attached to at the start stops it, unless <see cref="BpfHostOptions.ContinueOnError"/> is set or the target went
    /// meanwhile; what cannot be attached to later is a warning, and degraded.
    /// </remarks>
    public BpfBuilder AttachEach<TTarget>(string program, TargetRule<TTarget> targets, Func<BpfProgram, TTarget, BpfLink?> attach, string? name = null)
        where TTarget : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(attach);
        Options.Configure(options => options.AttachEachRules.Add(new AttachEachRule<TTarget>(name, loaded => loaded.Programs[program], targets, attach)));
        return this;
    }

    /// <summary>Hands the events of a buffer to a method while the host runs.</summary>
    /// <typeparam name="TEvent">The C structure of the events, in C#.</typeparam>
    /// <param name="map">The name of a ring buffer, or of a perf event array.</param>
    /// <param name="handle">Takes an event; the next one waits until its result is complete.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder AddEvents<TEvent>(string map, Func<TEvent, CancellationToken, ValueTask> handle)
        where TEvent : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Add(map, _ => new DelegateEventHandler<TEvent>(handle));
    }

    /// <summary>Hands the events of a buffer to a method while the host runs.</summary>
    /// <inheritdoc cref="AddEvents{TEvent}(string, Func{TEvent, CancellationToken, ValueTask})"/>
    public BpfBuilder AddEvents<TEvent>(string map, Action<TEvent> handle)
        where TEvent : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddEvents(map, Asynchronous(handle));
    }

    /// <summary>Hands the events of a buffer to a service while the host runs.</summary>
    /// <typeparam name="TEvent">The C structure of the events, in C#.</typeparam>
    /// <typeparam name="THandler">The service that takes them; it is added as a singleton if it is not there.</typeparam>
    /// <param name="map">The name of a ring buffer, or of a perf event array.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder AddEvents<TEvent, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(string map)
        where TEvent : unmanaged
        where THandler : class, IBpfEventHandler<TEvent>
    {
        Services.TryAddSingleton<THandler>();
        return Add<TEvent>(map, services => services.GetRequiredService<THandler>());
    }

    private protected static Func<TEvent, CancellationToken, ValueTask> Asynchronous<TEvent>(Action<TEvent> handle) => (value, _) =>
    {
        handle(value);
        return ValueTask.CompletedTask;
    };

    /// <summary>Adds a reader of a buffer.</summary>
    private protected void Add<TEvent>(Func<IServiceProvider, BpfMap> map, Func<IServiceProvider, IBpfEventHandler<TEvent>> handler)
        where TEvent : unmanaged
    {
        string name = Name;
        Services.AddSingleton<IHostedService>(services => new BpfEventService<TEvent>(
            services.GetRequiredKeyedService<BpfSession>(name), () => map(services), handler(services), services.GetBpfLogger()));
    }

    private BpfBuilder Add<TEvent>(string map, Func<IServiceProvider, IBpfEventHandler<TEvent>> handler)
        where TEvent : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(map);
        string name = Name;
        Add(services => services.GetRequiredKeyedService<BpfSession>(name).Object.Maps[map], handler);
        return this;
    }
}

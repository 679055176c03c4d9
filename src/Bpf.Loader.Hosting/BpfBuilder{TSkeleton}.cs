using System;
using System.Numerics;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Bpf.Loader.Links.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Bpf.Loader.Hosting;

/// <summary>An object of a host with its names and types, to be set up further.</summary>
/// <typeparam name="TSkeleton">The class that was generated for the object.</typeparam>
[SupportedOSPlatform("linux")]
public sealed class BpfBuilder<TSkeleton> : BpfBuilder, IBpfConfigurable<TSkeleton>
    where TSkeleton : class, IBpfSkeleton<TSkeleton>
{
    internal BpfBuilder(IServiceCollection services, string name)
        : base(services, name)
    {
    }

    /// <summary>
    /// Attaches a program from the host's start to its stop. The link is the host's: it is counted, watched, attached again where
    /// <see cref="BpfHostOptions.Reattach"/> asks for it, and detached at the stop.
    /// </summary>
    /// <param name="program">Tells the program, as in <c>firewall => firewall.Programs.Count</c>.</param>
    /// <param name="attach">Attaches it, as in <c>count => count.AttachXdp("eth0")</c>; called again to attach it again.</param>
    /// <param name="name">What the link is called in logs and checks, where one program has several; otherwise as its program.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder<TSkeleton> Attach(Func<TSkeleton, BpfProgram> program, Func<BpfProgram, BpfLink> attach, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(attach);
        Options.Configure<IServiceProvider>((options, services) =>
            options.AttachRules.Add(new AttachRule(name, _ => program(services.GetRequiredService<TSkeleton>()), attach)));
        return this;
    }

    /// <summary>Attaches a program to each target of a rule, from the host's start to its stop.</summary>
    /// <param name="program">Tells the program, as in <c>firewall => firewall.Programs.Count</c>.</param>
    /// <param name="targets">The rule, as in <c>TargetRules.Devices("veth*")</c>.</param>
    /// <param name="attach">Attaches it to one, or gives null for later.</param>
    /// <param name="name">What the links are called, followed by <c>@</c> and the target; otherwise as their program.</param>
    /// <inheritdoc cref="BpfBuilder.AttachEach{TTarget}(string, TargetRule{TTarget}, Func{BpfProgram, TTarget, BpfLink}, string)"/>
    public BpfBuilder<TSkeleton> AttachEach<TTarget>(
        Func<TSkeleton, BpfProgram> program, TargetRule<TTarget> targets, Func<BpfProgram, TTarget, BpfLink?> attach, string? name = null)
        where TTarget : notnull
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(attach);
        Options.Configure<IServiceProvider>((options, services) => options.AttachEachRules.Add(
            new AttachEachRule<TTarget>(name, _ => program(services.GetRequiredService<TSkeleton>()), targets, attach)));
        return this;
    }

    /// <summary>
    /// Tells what counts the events that found a ring buffer full. The kernel does not count them: a program does, where
    /// <c>bpf_ringbuf_reserve</c> gives nothing. The log is told the count at the stop, too.
    /// </summary>
    /// <typeparam name="TEvent">The C structure of the events, in C#.</typeparam>
    /// <typeparam name="TCount">The type of the count.</typeparam>
    /// <param name="map">Tells the ring buffer, as in <c>snoop => snoop.Maps.Events</c>.</param>
    /// <param name="count">Reads the count, as in <c>snoop => snoop.Bss.Dropped</c>.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder<TSkeleton> CountDrops<TEvent, TCount>(Func<TSkeleton, RingBufferMap<TEvent>> map, Func<TSkeleton, TCount> count)
        where TEvent : unmanaged
        where TCount : struct, INumberBase<TCount>
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(count);
        Options.Configure<IServiceProvider>((options, services) => options.DropCounters.Add(new DropCounter(
            _ => map(services.GetRequiredService<TSkeleton>()).Map.Name, _ => long.CreateTruncating(count(services.GetRequiredService<TSkeleton>())))));
        return this;
    }

    void IBpfConfigurable<TSkeleton>.BeforeLoad(Action<BpfObjectFile> configure) => Options.Configure(options => options.Configure(configure));

    /// <summary>Hands the events of a ring buffer to a method while the host runs.</summary>
    /// <typeparam name="TEvent">The C structure of the events, in C#.</typeparam>
    /// <param name="map">Tells the ring buffer, as in <c>snoop => snoop.Maps.Events</c>.</param>
    /// <param name="handle">Takes an event; the next one waits until its result is complete.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder<TSkeleton> AddEvents<TEvent>(Func<TSkeleton, RingBufferMap<TEvent>> map, Func<TEvent, CancellationToken, ValueTask> handle)
        where TEvent : unmanaged
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(handle);
        Add(services => map(services.GetRequiredService<TSkeleton>()).Map, _ => new DelegateEventHandler<TEvent>(handle));
        return this;
    }

    /// <summary>Hands the events of a ring buffer to a method while the host runs.</summary>
    /// <inheritdoc cref="AddEvents{TEvent}(Func{TSkeleton, RingBufferMap{TEvent}}, Func{TEvent, CancellationToken, ValueTask})"/>
    public BpfBuilder<TSkeleton> AddEvents<TEvent>(Func<TSkeleton, RingBufferMap<TEvent>> map, Action<TEvent> handle)
        where TEvent : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddEvents(map, Asynchronous(handle));
    }

    /// <summary>Hands the events of a perf buffer to a method while the host runs.</summary>
    /// <typeparam name="TEvent">The C structure of the events, in C#.</typeparam>
    /// <param name="map">Tells the map of the perf buffer, as in <c>snoop => snoop.Maps.Events</c>.</param>
    /// <param name="handle">Takes an event; the next one waits until its result is complete.</param>
    /// <returns>This builder.</returns>
    public BpfBuilder<TSkeleton> AddEvents<TEvent>(Func<TSkeleton, PerfBufferMap<TEvent>> map, Func<TEvent, CancellationToken, ValueTask> handle)
        where TEvent : unmanaged
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(handle);
        Add(services => map(services.GetRequiredService<TSkeleton>()).Map, _ => new DelegateEventHandler<TEvent>(handle));
        return this;
    }

    /// <summary>Hands the events of a perf buffer to a method while the host runs.</summary>
    /// <inheritdoc cref="AddEvents{TEvent}(Func{TSkeleton, PerfBufferMap{TEvent}}, Func{TEvent, CancellationToken, ValueTask})"/>
    public BpfBuilder<TSkeleton> AddEvents<TEvent>(Func<TSkeleton, PerfBufferMap<TEvent>> map, Action<TEvent> handle)
        where TEvent : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddEvents(map, Asynchronous(handle));
    }
}

using System;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Microsoft.Extensions.DependencyInjection;

namespace Bpf.Loader.Hosting;

/// <summary>An object of a host with its names and types, to be set up further.</summary>
/// <typeparam name="TSkeleton">The class that was generated for the object.</typeparam>
[SupportedOSPlatform("linux")]
public sealed class BpfBuilder<TSkeleton> : BpfBuilder
    where TSkeleton : class, IBpfSkeleton<TSkeleton>
{
    internal BpfBuilder(IServiceCollection services, string name)
        : base(services, name)
    {
    }

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

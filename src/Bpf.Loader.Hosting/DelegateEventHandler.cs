using System;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Hosting;

/// <summary>A handler that is a delegate.</summary>
internal sealed class DelegateEventHandler<TEvent>(Func<TEvent, CancellationToken, ValueTask> handle) : IBpfEventHandler<TEvent>
    where TEvent : unmanaged
{
    public ValueTask HandleAsync(TEvent value, CancellationToken cancellationToken) => handle(value, cancellationToken);
}

using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Hosting;

/// <summary>Takes the events of a ring buffer or perf buffer, one after the other.</summary>
/// <typeparam name="TEvent">The C structure of the events, in C#.</typeparam>
public interface IBpfEventHandler<in TEvent>
    where TEvent : unmanaged
{
    /// <summary>Takes an event. The next one waits until the result is complete; an exception ends the reading and with it the host.</summary>
    /// <param name="value">The event.</param>
    /// <param name="cancellationToken">Cancelled when the host no longer waits.</param>
    ValueTask HandleAsync(TEvent value, CancellationToken cancellationToken);
}

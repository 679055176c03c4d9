using System;
using System.Collections.Generic;
using System.Threading;

namespace Bpf.Loader.Interop;

/// <summary>The descriptor that a thread is using at the moment without counting it.</summary>
/// <remarks>
/// Counting the uses of a handle takes two interlocked operations, a few percent of a look-up. Instead each thread says here which
/// descriptor it uses and then looks whether the handle is closed; whoever closes the handle says so, makes all threads pass a
/// barrier, and then waits until none says that it uses the descriptor. So one of the two always sees the other, and the side that
/// comes often pays nothing. For short calls only: closing waits for them.
/// </remarks>
internal sealed class UncountedUse
{
    private static readonly List<WeakReference<UncountedUse>> OfAllThreads = [];

    [ThreadStatic]
    private static UncountedUse? _ofThread;

    // Descriptors of kernel objects are never 0; see FileDescriptorHandle.
    private int _descriptor;

    private UncountedUse()
    {
    }

    /// <summary>The one of the current thread.</summary>
    public static UncountedUse OfThread => _ofThread ?? Create();

    /// <summary>Waits until no thread uses a descriptor. Those who begin from now on must see that its handle is closed.</summary>
    public static void WaitForAll(int descriptor)
    {
        Interlocked.MemoryBarrierProcessWide();
        lock (OfAllThreads)
        {
            foreach (WeakReference<UncountedUse> one in OfAllThreads)
            {
                var spin = default(SpinWait);
                while (one.TryGetTarget(out UncountedUse? use) && Volatile.Read(ref use._descriptor) == descriptor)
                    spin.SpinOnce();
            }
        }
    }

    /// <summary>Says that the thread uses a descriptor.</summary>
    public void Begin(int descriptor) => Volatile.Write(ref _descriptor, descriptor);

    /// <summary>Says that it uses none.</summary>
    public void End() => Volatile.Write(ref _descriptor, 0);

    private static UncountedUse Create()
    {
        var created = new UncountedUse();
        lock (OfAllThreads)
        {
            // Threads end without telling.
            OfAllThreads.RemoveAll(static one => !one.TryGetTarget(out _));
            OfAllThreads.Add(new WeakReference<UncountedUse>(created));
        }

        return _ofThread = created;
    }
}

using System;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>
/// Kernels before 5.11 count maps and programs against the limit of locked memory, which is small by default: it is raised once
/// for the process, on those kernels only.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LockedMemory
{
    private static readonly Lock Gate = new();
    private static ulong _wanted = ResourceLimit.Infinity;
    private static bool _done;

    /// <summary>The limit to set, in bytes; 0 leaves it alone.</summary>
    /// <exception cref="InvalidOperationException">It was raised already.</exception>
    public static ulong Wanted
    {
        get
        {
            lock (Gate)
                return _wanted;
        }

        set
        {
            lock (Gate)
            {
                if (_done)
                    throw new InvalidOperationException("The limit of locked memory was raised already; set it before the first load.");
                _wanted = value;
            }
        }
    }

    /// <summary>Raises the limit if this kernel needs it and it was not done; a refusal is for a warning, for maps may still fit.</summary>
    public static Errno RaiseOnce(KernelFeatures features)
    {
        lock (Gate)
        {
            if (_done || _wanted == 0)
                return Errno.None;

            // A process that may not ask whether it is needed may not raise it either; what was not answered is asked again.
            FeatureSupport support = features.Probe(KernelFeature.MemoryCgroupAccounting);
            if (support is FeatureSupport.Denied or FeatureSupport.Unanswered)
                return Errno.None;
            _done = true;
            return support == FeatureSupport.Supported ? Errno.None : MemoryLock.SetLimit(_wanted);
        }
    }
}

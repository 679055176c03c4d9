using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>RLIMIT_MEMLOCK, against which kernels before 5.11 count maps and programs.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class MemoryLock
{
    // The same on every architecture that .NET runs on.
    private const int Resource = 8;

    /// <summary>The soft limit in bytes; <see cref="ResourceLimit.Infinity"/> when there is none or it cannot be read.</summary>
    public static ulong Limit
    {
        get
        {
            ResourceLimit limit;
            return LibC.GetResourceLimit(Resource, &limit) < 0 ? ResourceLimit.Infinity : limit.Soft;
        }
    }

    /// <summary>Sets both limits; EPERM when the hard one rises without CAP_SYS_RESOURCE.</summary>
    public static Errno SetLimit(ulong bytes)
    {
        var limit = new ResourceLimit { Soft = bytes, Hard = bytes };
        return LibC.SetResourceLimit(Resource, &limit) < 0 ? LibC.LastError : Errno.None;
    }
}

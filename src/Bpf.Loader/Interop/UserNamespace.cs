using System;
using System.IO;

namespace Bpf.Loader.Interop;

/// <summary>The user namespace of this process, for hints: capabilities in another than the first do not count for bpf(2).</summary>
internal static class UserNamespace
{
    // PROC_USER_INIT_INO of include/linux/proc_ns.h, the same since 3.8.
    private const string Initial = "user:[4026531837]";

    /// <summary>Whether it is the first one; true also where that cannot be told.</summary>
    public static bool IsInitial
    {
        get
        {
            try
            {
                return new FileInfo("/proc/self/ns/user").LinkTarget is null or Initial;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return true; // a hint is all that is lost
            }
        }
    }
}

namespace Bpf.Loader.Interop;

/// <summary>The user namespace of this process, for hints: capabilities in another than the first do not count for bpf(2).</summary>
internal static class UserNamespace
{
    // PROC_USER_INIT_INO of include/linux/proc_ns.h, the same since 3.8.
    private const string Initial = "user:[4026531837]";

    /// <summary>Whether it is the first one; true also where that cannot be told.</summary>
    public static bool IsInitial => LinkTarget.Of("/proc/self/ns/user") is null or Initial;
}

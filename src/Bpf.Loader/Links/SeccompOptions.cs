namespace Bpf.Loader.Links;

/// <summary>For whom a filter of system calls is, and how it is put there.</summary>
public sealed record SeccompOptions
{
    /// <summary>True for all threads of the process (<c>SECCOMP_FILTER_FLAG_TSYNC</c>); false, the default, for the calling one.</summary>
    public bool AllThreads { get; init; }

    /// <summary>
    /// True, the default, to set <c>no_new_privs</c> before: what the thread executes gains no rights by set-user-id bits any more. Without
    /// it the thread needs CAP_SYS_ADMIN.
    /// </summary>
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary>True to have the kernel log what the filter does not allow (<c>SECCOMP_FILTER_FLAG_LOG</c>, 4.14).</summary>
    public bool Log { get; init; }
}

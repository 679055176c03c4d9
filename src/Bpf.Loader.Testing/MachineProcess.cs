namespace Bpf.Loader.Testing;

/// <summary>The process that programs run in, as helpers tell it.</summary>
public sealed record MachineProcess
{
    /// <summary>The number of the process (<c>tgid</c>).</summary>
    public int ProcessId { get; init; } = 1;

    /// <summary>The number of the thread (<c>pid</c>); that of the process by default.</summary>
    public int? ThreadId { get; init; }

    /// <summary>The user.</summary>
    public uint UserId { get; init; }

    /// <summary>The group.</summary>
    public uint GroupId { get; init; }

    /// <summary>The name of the thread.</summary>
    public string Name { get; init; } = "test";

    /// <summary>The id of the cgroup.</summary>
    public ulong CgroupId { get; init; } = 1;
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Symbols.Processes;

namespace Bpf.Loader.Symbols;

/// <summary>Who a process is.</summary>
public sealed record ProcessInfo
{
    /// <summary>Its number, as we number it.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The number of its parent.</summary>
    public required int ParentId { get; init; }

    /// <summary>When it began, since the boot, to a hundredth of a second: with the number it is unique.</summary>
    public required TimeSpan StartTime { get; init; }

    /// <summary>Its short name (<c>comm</c>), of up to 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>Its command line; empty for threads of the kernel.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>The program that it runs, as it sees the files; null when we may not know.</summary>
    public required string? Executable { get; init; }

    /// <summary>The user that it runs for (the real uid).</summary>
    public required uint UserId { get; init; }

    /// <summary>The group that it runs for (the real gid).</summary>
    public required uint GroupId { get; init; }

    /// <summary>Its cgroup, of version 2 where there is one, else that of systemd or the first of version 1; empty when it is not known.</summary>
    public required string CgroupPath { get; init; }

    /// <summary>The container that it is in; null when it is in none.</summary>
    public required ContainerInfo? Container { get; init; }

    /// <summary>The numbers of its namespaces by their kinds, such as <c>pid</c>, <c>net</c>, <c>mnt</c>; empty when we may not know.</summary>
    public required IReadOnlyDictionary<string, ulong> Namespaces { get; init; }

    /// <summary>
    /// What of it goes with measurements and log entries, by the names of OpenTelemetry: <c>process.pid</c>, <c>process.command</c>,
    /// <c>process.executable.path</c>, <c>process.real_user.id</c>, <c>container.id</c>, <c>container.runtime.name</c> and <c>k8s.pod.uid</c>.
    /// </summary>
    /// <remarks>Of meters, leave out what each process has another of: <c>process.pid</c>.</remarks>
    public IEnumerable<KeyValuePair<string, object?>> Tags
    {
        get
        {
            yield return new("process.pid", ProcessId);
            yield return new("process.command", Name);
            if (Executable is not null) yield return new("process.executable.path", Executable);
            yield return new("process.real_user.id", UserId);
            if (Container is not { } container) yield break;
            if (container.Id.Length > 0) yield return new("container.id", container.Id);
            if (container.Runtime != ContainerRuntime.Unknown) yield return new("container.runtime.name", container.Runtime.ToString().ToLowerInvariant());
            if (container.PodId is not null) yield return new("k8s.pod.uid", container.PodId);
        }
    }

    /// <summary>Asks the kernel who a process is.</summary>
    /// <param name="processId">The process, as we number it.</param>
    /// <returns>Null when it has ended.</returns>
    /// <remarks>Another user's program, namespaces and mounts need CAP_SYS_PTRACE; without it they are left out.</remarks>
    [SupportedOSPlatform("linux")]
    public static ProcessInfo? Read(int processId)
    {
        // Between two reads another process may get the number.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            if (Incarnation.Of(processId) is not Incarnation before || ProcFile.ReadText(processId, "status") is not string status) return null;
            ProcessInfo info = Read(processId, before, status);
            if (Incarnation.Of(processId) is not Incarnation after || after == before) return info;
        }

        return null;
    }

    [SupportedOSPlatform("linux")]
    private static ProcessInfo Read(int processId, Incarnation incarnation, string status)
    {
        string cgroup = ProcFile.ReadText(processId, "cgroup") ?? "";
        return new ProcessInfo
        {
            ProcessId = processId,
            ParentId = (int)Field(status, "PPid:"),
            StartTime = TimeSpan.FromMilliseconds(incarnation.StartTime * 10.0),
            Name = (ProcFile.ReadText(processId, "comm") ?? "").TrimEnd('\n'),
            CommandLine = (ProcFile.ReadText(processId, "cmdline") ?? "").TrimEnd('\0') is { Length: > 0 } line ? line.Split('\0') : [],
            Executable = ProcFile.ReadLink(processId, "exe"),
            UserId = Field(status, "Uid:"),
            GroupId = Field(status, "Gid:"),
            CgroupPath = CgroupOf(cgroup),
            Container = ContainerInfo.Parse(cgroup, ProcFile.ReadText(processId, "mountinfo") ?? ""),
            Namespaces = ReadNamespaces(processId),
        };
    }

    private static uint Field(string status, string name)
    {
        int at = status.IndexOf($"\n{name}", StringComparison.Ordinal);
        if (at < 0) return 0;
        ReadOnlySpan<char> value = status.AsSpan(at + 1 + name.Length).TrimStart('\t');
        int end = value.IndexOfAny('\t', '\n');
        return uint.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : 0;
    }

    internal static string CgroupOf(string cgroup)
    {
        string found = "";
        foreach (string line in cgroup.Split('\n'))
        {
            int first = line.IndexOf(':'), second = first < 0 ? -1 : line.IndexOf(':', first + 1);
            if (second < 0) continue;
            string controllers = line[(first + 1)..second], path = line[(second + 1)..];
            // On a hybrid machine version 2 is there and says nothing when all controllers are of version 1.
            if (controllers.Length == 0 && path.Length > 1) return path;
            if (found.Length <= 1 || (controllers == "name=systemd" && path.Length > 1)) found = path;
        }

        return found;
    }

    [SupportedOSPlatform("linux")]
    private static Dictionary<string, ulong> ReadNamespaces(int processId)
    {
        Dictionary<string, ulong> namespaces = [];
        foreach (string kind in (string[])["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"])
        {
            // "net:[4026531840]"
            string? link = ProcFile.ReadLink(processId, $"ns/{kind}");
            if (link is not null && ulong.TryParse(link.AsSpan(Math.Min(kind.Length + 2, link.Length)).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)) namespaces.Add(kind, number);
        }

        return namespaces;
    }
}

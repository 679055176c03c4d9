using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>How the runtimes name the cgroups of their containers.</summary>
internal static partial class CgroupNames
{
    /// <summary>The container of a cgroup; null when it is of none.</summary>
    public static ContainerInfo? Read(string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string? pod = null;
        foreach (string name in names) pod ??= PodOf(name);

        // The innermost is that of the container itself, or one that it made within.
        for (int i = names.Length - 1; i >= 0; i--)
        {
            if (ReadName(names[i], i == 0 ? "" : names[i - 1]) is (string id, ContainerRuntime runtime)) return new ContainerInfo(id, runtime, pod);
        }

        return pod is null ? null : new ContainerInfo("", ContainerRuntime.Unknown, pod);
    }

    private static (string, ContainerRuntime)? ReadName(string name, string parent)
    {
        if (Id().IsMatch(name))
        {
            return (name, parent switch
            {
                "docker" => ContainerRuntime.Docker,
                "libpod_parent" => ContainerRuntime.Podman,
                _ => ContainerRuntime.Unknown,
            });
        }

        // What systemd makes of a container: docker-ID.scope
        if (Scope().Match(name) is { Success: true } scope)
        {
            ContainerRuntime runtime = scope.Groups["runtime"].Value switch
            {
                "docker" => ContainerRuntime.Docker,
                "cri-containerd" or "nerdctl" or "containerd" => ContainerRuntime.Containerd,
                "crio" => ContainerRuntime.CriO,
                "libpod" => ContainerRuntime.Podman,
                _ => ContainerRuntime.Unknown,
            };
            return (scope.Groups["id"].Value, runtime);
        }

        // Those that have names: lxc.payload.NAME, or lxc/NAME; machine-NAME.scope
        if (name.StartsWith("lxc.payload.", StringComparison.Ordinal)) return (name["lxc.payload.".Length..], ContainerRuntime.Lxc);
        if (parent == "lxc") return (name, ContainerRuntime.Lxc);
        return name.StartsWith("machine-", StringComparison.Ordinal) && name.EndsWith(".scope", StringComparison.Ordinal) && !name.StartsWith("machine-qemu", StringComparison.Ordinal)
            ? (name["machine-".Length..^".scope".Length].Replace("\\x2d", "-", StringComparison.Ordinal), ContainerRuntime.Nspawn) : null;
    }

    // podUID, or kubepods-burstable-podUID.slice with underscores; of static pods the uid is a hash.
    private static string? PodOf(string name) => Pod().Match(name) is { Success: true } pod ? pod.Groups["uid"].Value.Replace('_', '-') : null;

    // conmon, which watches a container, is not in it: libpod-conmon-ID.scope, crio-conmon-ID.scope
    [GeneratedRegex("^(?:(?<runtime>docker|cri-containerd|nerdctl|containerd|crio|libpod)[-:]|[a-z0-9_.-]+:cri-containerd:)(?<id>[0-9a-f]{64})(?:\\.scope)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Scope();

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex("(^|-)pod(?<uid>[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(\\.slice)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pod();
}

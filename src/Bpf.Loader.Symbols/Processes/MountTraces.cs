using System.Text.RegularExpressions;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>What the mounts of a process tell of its container: runtimes mount files such as <c>/etc/hostname</c> from folders that have its id.</summary>
/// <param name="Id">The id of the container; empty when the mounts have only that of its pod's sandbox, which is another container.</param>
/// <param name="Runtime">The runtime.</param>
/// <param name="PodId">The uid of the pod.</param>
internal sealed partial record MountTraces(string Id, ContainerRuntime Runtime, string? PodId)
{
    public static MountTraces Read(string mountInfo)
    {
        string? pod = Pod().Match(mountInfo) is { Success: true } found ? found.Groups["uid"].Value : null;
        if (Docker().Match(mountInfo) is { Success: true } docker)
            return new MountTraces(pod is null ? docker.Groups["id"].Value : "", ContainerRuntime.Docker, pod);
        if (Storage().Match(mountInfo) is { Success: true } storage)
            return pod is null ? new MountTraces(storage.Groups["id"].Value, ContainerRuntime.Podman, null) : new MountTraces("", ContainerRuntime.CriO, pod);
        return new MountTraces("", Containerd().IsMatch(mountInfo) ? ContainerRuntime.Containerd : ContainerRuntime.Unknown, pod);
    }

    // 612 580 254:1 /var/lib/docker/containers/ID/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw
    [GeneratedRegex("/containers/(?<id>[0-9a-f]{64})/(hostname|hosts|resolv\\.conf) /etc/", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Docker();

    // … /containers/storage/overlay-containers/ID/userdata/hostname /etc/hostname …
    [GeneratedRegex("/(overlay|vfs|btrfs)-containers/(?<id>[0-9a-f]{64})/userdata/", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Storage();

    [GeneratedRegex("/io\\.containerd\\.(grpc\\.v1\\.cri|snapshotter|runtime)|/containerd/", RegexOptions.CultureInvariant)]
    private static partial Regex Containerd();

    // … /var/lib/kubelet/pods/UID/etc-hosts /etc/hosts …
    [GeneratedRegex("/kubelet/pods/(?<uid>[0-9a-f-]{32,36})/", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pod();
}

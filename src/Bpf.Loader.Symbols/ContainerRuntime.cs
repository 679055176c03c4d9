namespace Bpf.Loader.Symbols;

/// <summary>What runs a container.</summary>
public enum ContainerRuntime
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>Docker.</summary>
    Docker,

    /// <summary>containerd, by itself or for Kubernetes.</summary>
    Containerd,

    /// <summary>CRI-O, for Kubernetes.</summary>
    CriO,

    /// <summary>Podman.</summary>
    Podman,

    /// <summary>LXC, LXD or Incus.</summary>
    Lxc,

    /// <summary>systemd-nspawn.</summary>
    Nspawn,
}

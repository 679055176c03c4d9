using Bpf.Loader.Symbols;
using Xunit;

namespace Bpf.Loader.Tests.Symbols;

/// <summary>What the kernel says of processes in containers, as it was seen with each runtime.</summary>
public class ContainerInfoTests
{
    private const string Id = "3b5c1e0f9a8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b";
    private const string Other = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private const string Pod = "6d3a7f1c-52b8-4e0d-9a43-b1c2d3e4f506";
    private const string PodInSlice = "6d3a7f1c_52b8_4e0d_9a43_b1c2d3e4f506";

    [Theory]
    // cgroup v2, systemd
    [InlineData($"0::/system.slice/docker-{Id}.scope\n", Id, ContainerRuntime.Docker, null)]
    [InlineData($"0::/system.slice/docker-{Id}.scope/init.scope\n", Id, ContainerRuntime.Docker, null)]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{PodInSlice}.slice/cri-containerd-{Id}.scope\n", Id, ContainerRuntime.Containerd, Pod)]
    [InlineData($"0::/kubepods.slice/kubepods-pod{PodInSlice}.slice/crio-{Id}.scope\n", Id, ContainerRuntime.CriO, Pod)]
    [InlineData($"0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{PodInSlice}.slice/docker-{Id}.scope\n", Id, ContainerRuntime.Docker, Pod)]
    [InlineData($"0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{PodInSlice}.slice/cri-containerd-{Id}.scope\n", Id, ContainerRuntime.Containerd, Pod)]
    [InlineData($"0::/machine.slice/libpod-{Id}.scope/container\n", Id, ContainerRuntime.Podman, null)]
    [InlineData($"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Id}.scope\n", Id, ContainerRuntime.Podman, null)]
    [InlineData($"0::/system.slice/nerdctl-{Id}.scope\n", Id, ContainerRuntime.Containerd, null)]
    // cgroup v2, cgroupfs
    [InlineData($"0::/docker/{Id}\n", Id, ContainerRuntime.Docker, null)]
    [InlineData($"0::/libpod_parent/libpod-{Id}\n", Id, ContainerRuntime.Podman, null)]
    [InlineData($"0::/kubepods/burstable/pod{Pod}/{Id}\n", Id, ContainerRuntime.Unknown, Pod)]
    [InlineData($"0::/kubepods/podaabbccddeeff00112233445566778899/{Id}\n", Id, ContainerRuntime.Unknown, "aabbccddeeff00112233445566778899")]
    [InlineData($"0::/system.slice/containerd.service/kubepods-burstable-pod{PodInSlice}.slice:cri-containerd:{Id}\n", Id, ContainerRuntime.Unknown, null)]
    [InlineData("0::/lxc.payload.web1/system.slice/nginx.service\n", "web1", ContainerRuntime.Lxc, null)]
    [InlineData("0::/machine.slice/machine-my\\x2dbox.scope/payload/init.scope\n", "my-box", ContainerRuntime.Nspawn, null)]
    // Seen from within another container.
    [InlineData($"0::/../../kubepods-pod{PodInSlice}.slice/cri-containerd-{Id}.scope\n", Id, ContainerRuntime.Containerd, Pod)]
    // cgroup v1, and hybrid
    [InlineData($"12:pids:/docker/{Id}\n11:memory:/docker/{Id}\n1:name=systemd:/docker/{Id}\n0::/\n", Id, ContainerRuntime.Docker, null)]
    [InlineData($"11:memory:/kubepods/besteffort/pod{Pod}/{Id}\n1:name=systemd:/kubepods/besteffort/pod{Pod}/{Id}\n", Id, ContainerRuntime.Unknown, Pod)]
    [InlineData($"9:cpuset:/\n8:memory:/machine.slice/libpod-{Id}.scope\n", Id, ContainerRuntime.Podman, null)]
    [InlineData($"4:cpu,cpuacct:/kubepods.slice/kubepods-pod{PodInSlice}.slice/crio-{Id}.scope\n", Id, ContainerRuntime.CriO, Pod)]
    public void Cgroups_tell_the_container(string cgroup, string id, ContainerRuntime runtime, string? pod) =>
        Assert.Equal(new ContainerInfo(id, runtime, pod), ContainerInfo.Parse(cgroup));

    [Theory]
    [InlineData("0::/system.slice/ssh.service\n")]
    [InlineData("0::/user.slice/user-1000.slice/session-3.scope\n")]
    [InlineData("0::/\n")]
    [InlineData("")]
    [InlineData("garbage\n::\n0:\n")]
    [InlineData($"0::/machine.slice/libpod-conmon-{Id}.scope\n")] // what watches a container is not in it
    [InlineData($"0::/system.slice/crio-conmon-{Id}.scope\n")]
    [InlineData("0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope\n")] // a virtual machine is none
    public void What_is_in_no_container_has_none(string cgroup) => Assert.Null(ContainerInfo.Parse(cgroup));

    [Theory]
    [InlineData($"612 580 254:1 /var/lib/docker/containers/{Id}/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda1 rw\n613 580 254:1 /var/lib/docker/containers/{Id}/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw\n", Id, ContainerRuntime.Docker, null)]
    [InlineData($"810 790 0:27 /containers/storage/overlay-containers/{Id}/userdata/hostname /etc/hostname rw,nosuid - tmpfs tmpfs rw\n", Id, ContainerRuntime.Podman, null)]
    [InlineData($"901 880 8:1 /var/lib/kubelet/pods/{Pod}/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n902 880 8:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/{Other}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n", "", ContainerRuntime.Containerd, Pod)]
    [InlineData($"901 880 8:1 /var/lib/kubelet/pods/{Pod}/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n902 880 0:23 /containers/storage/overlay-containers/{Other}/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw\n", "", ContainerRuntime.CriO, Pod)]
    public void Mounts_tell_it_where_the_cgroup_is_hidden(string mountInfo, string id, ContainerRuntime runtime, string? pod) =>
        Assert.Equal(new ContainerInfo(id, runtime, pod), ContainerInfo.Parse("0::/\n", mountInfo));

    [Fact]
    public void Mounts_tell_the_runtime_where_the_cgroup_does_not()
    {
        string cgroup = $"0::/kubepods/burstable/pod{Pod}/{Id}\n";
        Assert.Equal(ContainerRuntime.Docker, ContainerInfo.Parse(cgroup, $"613 580 254:1 /var/lib/docker/containers/{Other}/hostname /etc/hostname rw - ext4 /dev/vda1 rw\n")!.Runtime);
        Assert.Equal(ContainerRuntime.Containerd, ContainerInfo.Parse(cgroup, $"902 880 8:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/{Other}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n")!.Runtime);
    }

    [Theory]
    [InlineData("0::/a/b\n", "/a/b")]
    [InlineData("12:pids:/x\n1:name=systemd:/user.slice\n0::/\n", "/user.slice")]
    [InlineData("12:pids:/x\n", "/x")]
    [InlineData("0::/\n", "/")]
    [InlineData("", "")]
    public void One_cgroup_is_that_of_a_process(string cgroup, string path) => Assert.Equal(path, ProcessInfo.CgroupOf(cgroup));
}

using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public class CgroupMountTests
{
    [Fact]
    public void The_usual_place_goes_before_others_and_the_whole_before_a_part()
    {
        Assert.Null(CgroupMount.Choose([("/", "/sys/fs/cgroup", "tmpfs"), ("/", "/sys/fs/cgroup/memory", "cgroup")]));
        Assert.Equal("/sys/fs/cgroup/unified", CgroupMount.Choose([("/", "/mnt/c", "cgroup2"), ("/", "/sys/fs/cgroup/unified", "cgroup2")])!.Point);
        Assert.Equal("/sys/fs/cgroup", CgroupMount.Choose([("/", "/sys/fs/cgroup/unified", "cgroup2"), ("/", "/sys/fs/cgroup", "cgroup2")])!.Point);
        Assert.Equal("/mnt/c", CgroupMount.Choose([("/docker/1", "/sys/fs/cgroup", "cgroup2"), ("/", "/mnt/c", "cgroup2")])!.Point);
        Assert.Equal("/docker/1", CgroupMount.Choose([("/docker/1", "/sys/fs/cgroup", "cgroup2")])!.Root);
    }

    [Theory]
    [InlineData("/", "/sys/fs/cgroup", "/a.slice/b.service", "/sys/fs/cgroup/a.slice/b.service")]
    [InlineData("/", "/sys/fs/cgroup", "/", "/sys/fs/cgroup")]
    [InlineData("/docker/1", "/sys/fs/cgroup", "/docker/1/init", "/sys/fs/cgroup/init")]
    [InlineData("/docker/1", "/sys/fs/cgroup", "/docker/1", "/sys/fs/cgroup")]
    public void Paths_become_directories_and_these_paths_again(string root, string point, string path, string directory)
    {
        var mount = new CgroupMount(root, point);
        Assert.Equal(directory, mount.ToDirectory(path));
        Assert.Equal(path, mount.ToPath(directory));
    }

    [Fact]
    public void What_the_mount_does_not_show_has_no_directory()
    {
        var mount = new CgroupMount("/docker/1", "/sys/fs/cgroup");
        Assert.Null(mount.ToDirectory("/docker/12"));
        Assert.Null(mount.ToDirectory("/"));
        Assert.Equal("/docker/12", mount.ToPath("/docker/12")); // as the kernel names it then
        Assert.Equal("/sys/fs/cgroup/a.slice", new CgroupMount("/", "/sys/fs/cgroup").ToDirectory("a.slice"));
    }
}

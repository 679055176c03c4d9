using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Links.Rules;
using Xunit;

namespace Bpf.Loader.Tests.Links.Rules;

public sealed class CgroupPatternTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bpf-cgroups-").FullName;

    public CgroupPatternTests()
    {
        foreach (string path in new[] { "system.slice/a.service", "system.slice/b.service/c.service", "system.slice/d.scope", "kube/pod1/cri-x.scope", "kube/pod2/deep/cri-y.scope" })
            Directory.CreateDirectory(Path.Combine(_root, path));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("/system.slice/*.service", "system.slice/a.service system.slice/b.service")]
    [InlineData("system.slice/*", "system.slice/a.service system.slice/b.service system.slice/d.scope")]
    [InlineData("/system.slice/a.service", "system.slice/a.service")]
    [InlineData("/system.slice/a.service/", "system.slice/a.service")]
    [InlineData("/system.slice/none", "")]
    [InlineData("/none/*", "")]
    [InlineData("/**/*.service", "system.slice/a.service system.slice/b.service system.slice/b.service/c.service")]
    [InlineData("/kube/**/cri-*.scope", "kube/pod1/cri-x.scope kube/pod2/deep/cri-y.scope")]
    [InlineData("/kube/*/cri-*.scope", "kube/pod1/cri-x.scope")]
    [InlineData("/kube/**", "kube kube/pod1 kube/pod1/cri-x.scope kube/pod2 kube/pod2/deep kube/pod2/deep/cri-y.scope")]
    [InlineData("/kube/**/**/pod?", "kube/pod1 kube/pod2")]
    [InlineData("/", ".")]
    public void Covers_part_for_part(string pattern, string expected) => Assert.Equal(
        expected.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        new CgroupPattern(pattern).Find(_root).Select(path => Path.GetRelativePath(_root, path)).Order(StringComparer.Ordinal));

    [Fact]
    public void Below_what_is_mounted_the_rest_of_the_pattern_counts()
    {
        Assert.Equal([_root + "/pod1"], new CgroupPattern("/docker/kube/pod1").Below("/docker/kube").Find(_root + "/kube").Select(static path => path.Replace("/kube/pod1", "/pod1", StringComparison.Ordinal)));
        Assert.Empty(new CgroupPattern("/podman/pod1").Below("/docker").Find(_root + "/kube"));
    }
}

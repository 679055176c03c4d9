using System;
using System.Linq;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

public sealed class RightsTests
{
    [Fact]
    public void Feature_that_may_not_be_asked_for_is_denied_and_asked_again()
    {
        KernelFeatures features = KernelFeatures.Uncached();
        WithoutRights.Run(() =>
        {
            Assert.Equal(FeatureSupport.Denied, features.Probe(KernelFeature.Btf));
            Assert.Equal(FeatureSupport.Denied, features.Probe(KernelFeature.PerfLink));
            Assert.False(features.Supports(KernelFeature.Btf));
        });
        Assert.Equal([KernelFeature.Btf, KernelFeature.PerfLink], features.Denied.Order());

        Assert.True(features.Supports(KernelFeature.Btf));
        Assert.True(features.Supports(KernelFeature.PerfLink) || !KernelFeatures.Current.Supports(KernelFeature.PerfLink));
        Assert.Empty(features.Denied);
    }

    [Fact]
    public void What_is_known_stays_known_without_rights()
    {
        KernelFeatures features = KernelFeatures.Uncached();
        Assert.True(features.Supports(KernelFeature.Btf));
        WithoutRights.Run(() => Assert.True(features.Supports(KernelFeature.Btf)));
    }

    [Theory]
    [InlineData(BpfProgramType.SocketFilter, "lacks CAP_BPF (")]
    [InlineData(BpfProgramType.Kprobe, "lacks CAP_BPF and CAP_PERFMON (")]
    [InlineData(BpfProgramType.Xdp, "lacks CAP_BPF and CAP_NET_ADMIN.")]
    public void Refusal_names_the_missing_capabilities(BpfProgramType type, string hint)
        => WithoutRights.Run(() =>
        {
            BpfException exception = Assert.Throws<BpfException>(() => BpfFeatures.Supports(type));
            Assert.Equal(Errno.EPERM, exception.Errno);
            Assert.Contains(hint, exception.Message, StringComparison.Ordinal);
        });

    [Fact]
    public void Map_without_rights_is_refused_with_its_capabilities()
        => WithoutRights.Run(() =>
        {
            BpfException exception = Assert.Throws<BpfException>(() => BpfFeatures.Supports(BpfMapType.SockMap));
            Assert.Contains("CAP_BPF and CAP_NET_ADMIN", exception.Message, StringComparison.Ordinal);
        });

    [Fact]
    public void Modules_are_known_by_their_files_without_rights()
    {
        string[] names = KernelBtf.Modules.Select(m => m.Name).Order(StringComparer.Ordinal).ToArray();
        WithoutRights.Run(() =>
        {
            KernelModuleBtf[] modules = KernelBtf.Modules.ToArray();
            Assert.Equal(names, modules.Select(m => m.Name));
            foreach (KernelModuleBtf module in modules)
                Assert.True(module.Types.TypeCount > KernelBtf.Vmlinux.TypeCount);
        });
    }

    [Fact]
    public void Capabilities_are_those_of_the_thread()
    {
        Assert.True(Capabilities.Read()!.Value.Has(Capability.Bpf));
        WithoutRights.Run(() => Assert.False(Capabilities.Read()!.Value.Has(Capability.Bpf)));
        Assert.True(Capabilities.Read()!.Value.Has(Capability.Bpf));
    }
}

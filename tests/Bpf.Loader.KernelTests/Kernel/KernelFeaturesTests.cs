using System;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

public sealed class KernelFeaturesTests
{
    // Features that came with a version of the mainline kernel and depend on no option beside those that every kernel with
    // BPF has, and the first version with each. Distributions backport, so an older kernel may have them too.
    public static TheoryData<int, int, int> Versions { get; } = new()
    {
        { (int)KernelFeature.ProgramName, 4, 15 },
        { (int)KernelFeature.GlobalData, 5, 2 },
        { (int)KernelFeature.Btf, 4, 18 },
        { (int)KernelFeature.BtfFunction, 5, 0 },
        { (int)KernelFeature.BtfGlobalFunction, 5, 6 },
        { (int)KernelFeature.BtfDataSection, 5, 2 },
        { (int)KernelFeature.BtfFloat, 5, 13 },
        { (int)KernelFeature.BtfDeclarationTag, 5, 16 },
        { (int)KernelFeature.BtfTypeTag, 5, 17 },
        { (int)KernelFeature.BtfEnum64, 6, 0 },
        { (int)KernelFeature.BtfQuestionMarkDataSection, 6, 10 },
        { (int)KernelFeature.ArrayMmap, 5, 5 },
        { (int)KernelFeature.ExpectedAttachType, 4, 17 },
        { (int)KernelFeature.ProbeReadKernel, 5, 5 },
        { (int)KernelFeature.ProgramBindMap, 5, 10 },
        { (int)KernelFeature.ModuleBtf, 5, 11 },
        { (int)KernelFeature.PerfLink, 5, 15 },
        { (int)KernelFeature.BpfCookie, 5, 15 },
        { (int)KernelFeature.MemoryCgroupAccounting, 5, 11 },
        { (int)KernelFeature.ArgumentContextTag, 6, 8 },
    };

    public static TheoryData<int> All { get; } = new(Enum.GetValues<KernelFeature>().Select(f => (int)f));

    [Theory]
    [MemberData(nameof(Versions))]
    public void Feature_is_there_since_its_kernel(int feature, int major, int minor)
    {
        bool expected = KernelVersion.Current.CompareTo(new KernelVersion(major, minor, 0)) >= 0;
        FeatureSupport support = KernelFeatures.Current.Probe((KernelFeature)feature);
        if (expected)
            Assert.Equal(FeatureSupport.Supported, support);
        else
            Assert.NotEqual(FeatureSupport.Denied, support);
    }

    [Theory]
    [InlineData((int)KernelFeature.BtfLayout)]
    [InlineData((int)KernelFeature.BpfSyscallCommonAttributes)]
    [InlineData((int)KernelFeature.SingleCpuElements)]
    public void Feature_newer_than_6_19_is_missing_before(int feature)
    {
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 19, 0)) >= 0)
            Assert.Skip("The kernel may have it.");
        Assert.Equal(FeatureSupport.Missing, KernelFeatures.Current.Probe((KernelFeature)feature));
    }

    [Fact]
    public void Uprobe_multi_is_there_since_6_9_where_uprobes_are()
    {
        // The filter by process was mended in 6.9 and went back to the stable kernels of then.
        Assert.SkipWhen(KernelVersion.Current.CompareTo(new KernelVersion(6, 9, 0)) < 0, "it came with Linux 6.9");
        Requires.UprobeMulti();
        Assert.Equal(FeatureSupport.Supported, KernelFeatures.Current.Probe(KernelFeature.UprobeMultiLink));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Root_is_never_denied(int feature)
        => Assert.NotEqual(FeatureSupport.Denied, KernelFeatures.Current.Probe((KernelFeature)feature));

    [Theory]
    [MemberData(nameof(All))]
    public void Probe_leaves_no_descriptor_and_says_the_same_twice(int feature)
    {
        // A fresh instance asks anew.
        FeatureSupport first = KernelFeatures.Uncached().Probe((KernelFeature)feature);
        string[] before = OpenDescriptors.OfKernelObjects();
        Assert.Equal(first, KernelFeatures.Uncached().Probe((KernelFeature)feature));
        Assert.Equal(before, OpenDescriptors.OfKernelObjects());
    }
}

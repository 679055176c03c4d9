using System;
using System.Linq;
using Bpf.Loader.Btf;
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
        { (int)KernelFeature.BtfEmptyDataSection, 5, 12 },
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

    // No version is promised for these yet: the kernel's own types say whether it has them.
    [Theory]
    [InlineData((int)KernelFeature.BtfLayout, "btf_layout", BtfKind.Struct)]
    [InlineData((int)KernelFeature.BpfSyscallCommonAttributes, "bpf_common_attr", BtfKind.Struct)]
    [InlineData((int)KernelFeature.SingleCpuElements, "BPF_F_ALL_CPUS", BtfKind.Enum)]
    public void Feature_newer_than_6_19_is_there_if_the_kernel_has_its_type(int feature, string name, BtfKind kind)
    {
        bool expected = kind == BtfKind.Enum ? HasEnumerator(name) : KernelBtf.Vmlinux.TryFind(name, kind, out _);
        Assert.Equal(expected ? FeatureSupport.Supported : FeatureSupport.Missing, KernelFeatures.Current.Probe((KernelFeature)feature));
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 19, 0)) < 0) Assert.False(expected);
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

    // The flags of elements are an enumeration without a name.
    private static bool HasEnumerator(string name)
    {
        BtfReader types = KernelBtf.Vmlinux;
        for (int id = 1; id < types.TypeCount; id++)
        {
            BtfType type = types[new BtfTypeId(id)];
            if (type.Kind is not (BtfKind.Enum or BtfKind.Enum64)) continue;
            foreach (BtfEnumerator enumerator in type.Enumerators)
            {
                if (enumerator.Name == name) return true;
            }
        }

        return false;
    }
}

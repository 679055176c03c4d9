using System;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests;

public sealed class BpfFeaturesTests
{
    // The first kernel of each map type that depends on no option.
    public static TheoryData<BpfMapType, int, int> MapVersions { get; } = new()
    {
        { BpfMapType.Hash, 3, 19 },
        { BpfMapType.Array, 3, 19 },
        { BpfMapType.ProgArray, 4, 2 },
        { BpfMapType.PerfEventArray, 4, 3 },
        { BpfMapType.PerCpuHash, 4, 6 },
        { BpfMapType.PerCpuArray, 4, 6 },
        { BpfMapType.StackTrace, 4, 6 },
        { BpfMapType.CgroupArray, 4, 8 },
        { BpfMapType.LruHash, 4, 10 },
        { BpfMapType.LruPerCpuHash, 4, 10 },
        { BpfMapType.LpmTrie, 4, 11 },
        { BpfMapType.ArrayOfMaps, 4, 12 },
        { BpfMapType.HashOfMaps, 4, 12 },
        { BpfMapType.DevMap, 4, 14 },
        { BpfMapType.SockMap, 4, 14 },
        { BpfMapType.CpuMap, 4, 15 },
        { BpfMapType.SockHash, 4, 18 },
        { BpfMapType.CgroupStorage, 4, 19 },
        { BpfMapType.ReusePortSockArray, 4, 19 },
        { BpfMapType.PerCpuCgroupStorage, 4, 20 },
        { BpfMapType.Queue, 4, 20 },
        { BpfMapType.Stack, 4, 20 },
        { BpfMapType.SkStorage, 5, 2 },
        { BpfMapType.DevMapHash, 5, 4 },
        { BpfMapType.RingBuf, 5, 8 },
        { BpfMapType.TaskStorage, 5, 11 },
        { BpfMapType.BloomFilter, 5, 16 },
        { BpfMapType.UserRingBuf, 6, 1 },
        { BpfMapType.CgrpStorage, 6, 2 },
        { BpfMapType.Arena, 6, 9 },
        { BpfMapType.InsnArray, 6, 19 },
    };

    public static TheoryData<BpfProgramType, int, int> ProgramVersions { get; } = new()
    {
        { BpfProgramType.SocketFilter, 3, 19 },
        { BpfProgramType.SchedCls, 4, 1 },
        { BpfProgramType.SchedAct, 4, 1 },
        { BpfProgramType.Kprobe, 4, 1 },
        { BpfProgramType.Tracepoint, 4, 7 },
        { BpfProgramType.Xdp, 4, 8 },
        { BpfProgramType.PerfEvent, 4, 9 },
        { BpfProgramType.CgroupSkb, 4, 10 },
        { BpfProgramType.CgroupSock, 4, 10 },
        { BpfProgramType.LwtIn, 4, 10 },
        { BpfProgramType.LwtOut, 4, 10 },
        { BpfProgramType.LwtXmit, 4, 10 },
        { BpfProgramType.SockOps, 4, 13 },
        { BpfProgramType.SkSkb, 4, 14 },
        { BpfProgramType.CgroupDevice, 4, 15 },
        { BpfProgramType.SkMsg, 4, 17 },
        { BpfProgramType.RawTracepoint, 4, 17 },
        { BpfProgramType.CgroupSockAddr, 4, 17 },
        { BpfProgramType.LwtSeg6Local, 4, 18 },
        { BpfProgramType.SkReusePort, 4, 19 },
        { BpfProgramType.FlowDissector, 4, 20 },
        { BpfProgramType.CgroupSysctl, 5, 2 },
        { BpfProgramType.RawTracepointWritable, 5, 2 },
        { BpfProgramType.CgroupSockOpt, 5, 3 },
        { BpfProgramType.Tracing, 5, 5 },
        { BpfProgramType.StructOps, 5, 6 },
        { BpfProgramType.Ext, 5, 6 },
        { BpfProgramType.SkLookup, 5, 9 },
        { BpfProgramType.Syscall, 5, 14 },
        { BpfProgramType.Netfilter, 6, 4 },
    };

    [Theory]
    [MemberData(nameof(MapVersions))]
    public void Map_type_is_there_since_its_kernel(BpfMapType type, int major, int minor)
        => Assert.Equal(Since(major, minor), BpfFeatures.Supports(type));

    [Theory]
    [MemberData(nameof(ProgramVersions))]
    public void Program_type_is_there_since_its_kernel(BpfProgramType type, int major, int minor)
    {
        bool? supports = TrySupports(type);
        if (supports is null) KernelPolicy.Permits(type, type == BpfProgramType.Tracing ? BpfAttachType.TraceFEntry : 0);

        Assert.Equal(Since(major, minor), supports);
    }

    [Fact]
    public void Types_of_no_kernel_are_missing()
    {
        Assert.False(BpfFeatures.Supports(BpfMapType.Unspecified));
        Assert.False(BpfFeatures.Supports((BpfMapType)4711));
        Assert.False(BpfFeatures.Supports(BpfProgramType.Unspecified));
        Assert.False(BpfFeatures.Supports((BpfProgramType)4711));
    }

    [Theory]
    [InlineData(BpfProgramType.SocketFilter, "bpf_map_lookup_elem", 3, 19)]
    [InlineData(BpfProgramType.SocketFilter, "bpf_ktime_get_boot_ns", 5, 8)]
    [InlineData(BpfProgramType.Kprobe, "bpf_get_attach_cookie", 5, 15)]
    [InlineData(BpfProgramType.Xdp, "bpf_xdp_adjust_head", 4, 10)]
    [InlineData(BpfProgramType.Xdp, "bpf_xdp_load_bytes", 5, 18)]
    [InlineData(BpfProgramType.Syscall, "bpf_sys_bpf", 5, 14)]
    public void Helper_is_there_since_its_kernel(BpfProgramType type, string helper, int major, int minor)
        => Assert.Equal(Since(major, minor), BpfFeatures.SupportsHelper(type, helper));

    [Theory]
    [InlineData(BpfProgramType.SocketFilter, "bpf_xdp_adjust_head")]
    [InlineData(BpfProgramType.Xdp, "bpf_skb_store_bytes")]
    [InlineData(BpfProgramType.Xdp, "bpf_override_return")]
    public void Helper_of_another_type_is_missing(BpfProgramType type, string helper)
        => Assert.False(BpfFeatures.SupportsHelper(type, helper));

    [Fact]
    public void Helper_of_no_kernel_is_missing()
    {
        Assert.False(BpfFeatures.SupportsHelper(BpfProgramType.Xdp, 100_000));
        Assert.False(BpfFeatures.SupportsHelper((BpfProgramType)4711, 1));
        Assert.Throws<ArgumentException>(() => BpfFeatures.SupportsHelper(BpfProgramType.Xdp, "bpf_no_such_helper"));
    }

    [Theory]
    [InlineData(BpfProgramType.Tracing)]
    [InlineData(BpfProgramType.Lsm)]
    [InlineData(BpfProgramType.Ext)]
    [InlineData(BpfProgramType.StructOps)]
    public void Helpers_of_types_with_a_target_cannot_be_asked(BpfProgramType type)
        => Assert.Throws<ArgumentException>(() => BpfFeatures.SupportsHelper(type, 1));

    [Fact]
    public void Probes_leave_no_descriptor()
        => OpenDescriptors.AssertNoneLeft(() =>
        {
            foreach (BpfMapType type in Enum.GetValues<BpfMapType>())
                BpfFeatures.Supports(type);
            foreach (BpfProgramType type in Enum.GetValues<BpfProgramType>())
                TrySupports(type);
            foreach (int helper in Enumerable.Range(1, BpfHelper.Count - 1))
                BpfFeatures.SupportsHelper(BpfProgramType.SocketFilter, helper);
        });

    // Null where even root may not ask: a machine may be forbidden to trace its kernel.
    private static bool? TrySupports(BpfProgramType type)
    {
        try
        {
            return BpfFeatures.Supports(type);
        }
        catch (BpfException exception) when (exception.Errno == Errno.EPERM)
        {
            Assert.Contains("The process has the capabilities", exception.Hint, StringComparison.Ordinal);
            return null;
        }
    }

    private static bool Since(int major, int minor)
        => KernelVersion.Current.CompareTo(new KernelVersion(major, minor, 0)) >= 0;
}

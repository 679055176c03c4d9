using System;
using System.Collections.Generic;
using System.Text.Json;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Probes;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>A question that may not be asked has no answer: least of all that the kernel lacks what was asked for.</summary>
public sealed class DeniedProbeTests
{
    // BPF_FUNC_ktime_get_ns
    private const int KtimeGetNs = 5;

    // The probes themselves, not what is remembered of them: an earlier test with all rights may have heard a true no.
    [Fact]
    public void No_probe_says_no_without_rights()
        => WithoutRights.Run(() =>
        {
            foreach (BpfFeature feature in Enum.GetValues<BpfFeature>())
            {
                // Those that are files are looked for without any right.
                if (feature is BpfFeature.KernelBtf or BpfFeature.Kprobes or BpfFeature.Uprobes) continue;
                Assert.True(FeatureProbe.Ask(feature) != FeatureSupport.Missing, feature.ToString());
            }

            foreach (BpfProgramType type in Enum.GetValues<BpfProgramType>())
                if (type != BpfProgramType.Unspecified) Assert.True(ProgramTypeProbe.Ask(type, out _) != FeatureSupport.Missing, type.ToString());
            foreach (BpfMapType type in Enum.GetValues<BpfMapType>())
                if (type != BpfMapType.Unspecified) Assert.True(MapTypeProbe.Ask(type, out _) != FeatureSupport.Missing, type.ToString());
            Assert.NotEqual(FeatureSupport.Missing, HelperProbe.Ask(BpfProgramType.SocketFilter, KtimeGetNs, out _));
            Assert.NotEqual(FeatureSupport.Missing, AttachTypeProbe.Ask(BpfAttachType.CgroupInetEgress, BpfProgramType.CgroupSkb));
            Assert.Contains("lacks CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON", BpfFeatures.ExplainNotPermitted(), StringComparison.Ordinal);
        });

    [Fact]
    public void A_no_that_was_heard_with_all_rights_stays_one()
    {
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfMapType)4001));
        WithoutRights.Run(() =>
        {
            Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfMapType)4001));
            Assert.Equal(BpfSupport.NotPermitted, BpfFeatures.Probe((BpfMapType)4002));
        });
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfMapType)4002));
    }

    [Fact]
    public void With_all_rights_a_no_is_one()
    {
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfMapType)4000));
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfProgramType)4000));
    }

    [Fact]
    public void What_may_not_be_asked_is_expected_by_the_version()
    {
        KernelFeatures features = KernelFeatures.Uncached();
        WithoutRights.Run(() =>
        {
            foreach (KernelFeature feature in new[] { KernelFeature.Btf, KernelFeature.BtfFunction, KernelFeature.GlobalData, KernelFeature.ArrayMmap, KernelFeature.ProbeReadKernel, KernelFeature.ProgramName })
            {
                Assert.Equal(FeatureSupport.Denied, features.Probe(feature));
                Assert.True(features.Expects(feature));
                Assert.False(features.Lacks(feature));
            }
        });
    }

    [Fact]
    public void A_load_without_rights_names_all_that_it_lacks_and_nothing_that_the_kernel_should_lack()
    {
        var said = new List<BpfFinding>();
        BpfObjectFile file = TestObjects.Open("execsnoop"); // tracepoints, and globals
        WithoutRights.Run(() =>
        {
            BpfException refusal = Assert.ThrowsAny<BpfException>(() => file.Load(new BpfLoadOptions { OnDiagnostic = said.Add, TokenPath = "" }));
            Assert.IsNotType<BpfNotSupportedException>(refusal);
            Assert.Equal((Errno.EPERM, BpfDiagnosticId.NotPermitted), (refusal.Errno, refusal.Id));
            Assert.Contains("The process lacks CAP_BPF and CAP_PERFMON", refusal.Message, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(said, finding => finding.Id == BpfDiagnosticId.FeatureLeftOut);
        Assert.DoesNotContain(said, finding => finding.Message.Contains("this kernel has none", StringComparison.Ordinal));
    }

    [Fact]
    public void The_one_that_is_missing_is_named_of_all_that_are_needed()
    {
        (int code, string output, _) = Shell.TryWith("+bpf", $"{BpfTool.Path} verify --json {TestObjects.PathOf("execsnoop.bpf.o")}");
        Assert.Equal(1, code);
        string message = JsonDocument.Parse(output).RootElement.GetProperty("message").GetString()!;
        Assert.Contains("lacks CAP_PERFMON", message, StringComparison.Ordinal);
        Assert.Contains("of CAP_BPF and CAP_PERFMON", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tool_says_what_it_lacks_and_no_no()
    {
        (int code, string output, string errors) = Shell.TryWith("+chown", $"{BpfTool.Path} feature probe --json prog_type xdp");
        Assert.Equal(0, code);
        Assert.Equal("not_permitted", JsonDocument.Parse(output).RootElement.GetProperty("have").GetString());
        Assert.Contains("lacks CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON", errors, StringComparison.Ordinal);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Probes;
using Bpf.Loader.KernelTests.Faults;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>A question that the kernel had no memory or descriptors to answer has no answer: neither a no, nor that it may not be asked.</summary>
public sealed class ShortProbeTests : KernelTest
{
    private static readonly Errno[] Shortages = [Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE];

    private static readonly Dictionary<string, Func<FeatureSupport>> Questions = All();

    public static TheoryData<string> Names => [.. Questions.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shortage_is_no_answer(string name)
    {
        Requires.RealProcessor();
        Func<FeatureSupport> ask = Questions[name];
        using var thread = new FaultThread();
        FeatureSupport right = FeatureSupport.Unknown;
        // What is read once and kept, such as the kernel's types, is not the probe's.
        for (int i = 0; i < 2; i++) thread.Do(() => right = ask());

        for (int number = 1; ; number++)
        {
            FeatureSupport answer = FeatureSupport.Unknown;
            Errno errno = Shortages[number % Shortages.Length];
            (string? call, Exception? thrown, _) = thread.Do(number, errno, () => answer = ask());
            if (call is null) break;
            Assert.True(thrown is null, $"{call} with {errno}: {thrown}");
            Assert.True(answer == right || answer == FeatureSupport.Unanswered, $"{call} with {errno} is {answer}, and else {right}");
        }

        FeatureSupport after = FeatureSupport.Unknown;
        thread.Do(() => after = ask());
        Assert.Equal(right, after);
    }

    [Fact]
    public void What_was_not_answered_is_asked_again_and_goes_by_the_version_until_then()
    {
        KernelFeatures features = KernelFeatures.Uncached();
        using (var thread = new FaultThread())
        {
            thread.Do(() => features.Probe(KernelFeature.BtfFloat));
            thread.Do(1, Errno.ENOMEM, () => Assert.Equal(FeatureSupport.Unanswered, features.Probe(KernelFeature.GlobalData)));
        }

        Assert.Equal([KernelFeature.GlobalData], features.Unanswered);
        Assert.Empty(features.Denied);
        Assert.True(features.Expects(KernelFeature.GlobalData));
        Assert.Equal(FeatureSupport.Supported, features.Probe(KernelFeature.GlobalData));
        Assert.Empty(features.Unanswered);
    }

    [Fact]
    public void A_shortage_is_told_to_users_as_one_and_not_remembered()
    {
        const BpfMapType NoType = (BpfMapType)4003;
        BpfSupport found = BpfSupport.Yes;
        using var thread = new FaultThread();
        thread.Do(1, Errno.EMFILE, () => found = BpfFeatures.Probe(NoType));
        Assert.Equal(BpfSupport.Unknown, found);
        (_, Exception? thrown, _) = thread.Do(1, Errno.ENFILE, () => BpfFeatures.Supports(BpfMapType.Hash));
        Assert.Equal(Errno.ENFILE, Assert.IsType<BpfException>(thrown).Errno);
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe(NoType));
    }

    private static Dictionary<string, Func<FeatureSupport>> All()
    {
        var all = new Dictionary<string, Func<FeatureSupport>>(StringComparer.Ordinal);
        foreach (KernelFeature feature in Enum.GetValues<KernelFeature>()) all[$"kernel feature {feature}"] = () => KernelFeatures.Uncached().Probe(feature);
        foreach (BpfFeature feature in Enum.GetValues<BpfFeature>()) all[$"feature {feature}"] = () => FeatureProbe.Ask(feature);
        foreach (BpfProgramType type in Enum.GetValues<BpfProgramType>()) all[$"program {type}"] = () => ProgramTypeProbe.Ask(type, out _);
        foreach (BpfMapType type in Enum.GetValues<BpfMapType>()) all[$"map {type}"] = () => MapTypeProbe.Ask(type, out _);
        foreach ((BpfAttachType type, BpfProgramType program) in new[]
        {
            (BpfAttachType.CgroupInetEgress, BpfProgramType.CgroupSkb), (BpfAttachType.TraceKprobeMulti, BpfProgramType.Kprobe),
            (BpfAttachType.TraceIter, BpfProgramType.Tracing), (BpfAttachType.TcxIngress, BpfProgramType.SchedCls), (BpfAttachType.XdpDevMap, BpfProgramType.Xdp),
        })
            all[$"attachment {type}"] = () => AttachTypeProbe.Ask(type, program);
        all["helper bpf_ktime_get_ns"] = () => HelperProbe.Ask(BpfProgramType.SocketFilter, 5, out _);
        all["helper bpf_override_return"] = () => HelperProbe.Ask(BpfProgramType.SocketFilter, 58, out _);
        all["kernel function bpf_task_acquire"] = () => KernelFunctionProbe.Ask(BpfProgramType.Tracing, "bpf_task_acquire");
        all["kernel function of none"] = () => KernelFunctionProbe.Ask(BpfProgramType.Xdp, "bpf_no_such_function");
        all["fentry do_unlinkat"] = () => TargetProbe.FEntry("do_unlinkat");
        all["fentry of a module"] = () => TargetProbe.FEntry("veth_xmit");
        all["kprobe do_unlinkat"] = () => TargetProbe.Kprobe("do_unlinkat");
        all["tracepoint"] = () => TargetProbe.Tracepoint("sched", "sched_process_exec");
        all["tracepoint of none"] = () => TargetProbe.Tracepoint("sched", "no_such_event");
        all["raw tracepoint"] = () => TargetProbe.RawTracepoint("sched_process_exec");
        return all;
    }
}

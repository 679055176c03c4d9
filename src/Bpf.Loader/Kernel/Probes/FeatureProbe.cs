using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>Abilities of the kernel, each by trying.</summary>
[SupportedOSPlatform("linux")]
internal static class FeatureProbe
{
    private static readonly ProbeContext Context = new(token: null);

    public static FeatureSupport Ask(BpfFeature feature) => ProbeRights.Doubt(Try(feature), Needed(feature));

    // Those that are files are said to be missing by whoever may look for them.
    private static ReadOnlySpan<Capability> Needed(BpfFeature feature) => feature switch
    {
        BpfFeature.KernelBtf or BpfFeature.Kprobes or BpfFeature.Uprobes => [],
        BpfFeature.Links => [Capability.Bpf, Capability.NetAdmin],
        BpfFeature.KprobeMulti or BpfFeature.BpfLsm => [Capability.Bpf, Capability.PerfMon],
        _ => [Capability.Bpf],
    };

    private static FeatureSupport Try(BpfFeature feature) => feature switch
    {
        BpfFeature.KernelBtf => KernelTypes(),
        BpfFeature.ModuleBtf => KernelFeatures.Current.Probe(KernelFeature.ModuleBtf),
        BpfFeature.ProgramBtf => KernelFeatures.Current.Probe(KernelFeature.BtfFunction),
        BpfFeature.GlobalData => KernelFeatures.Current.Probe(KernelFeature.GlobalData),
        BpfFeature.MappableArrays => KernelFeatures.Current.Probe(KernelFeature.ArrayMmap),
        BpfFeature.RingBuffer => MapTypeProbe.Ask(BpfMapType.RingBuf, out _),
        BpfFeature.Links => AttachTypeProbe.Ask(BpfAttachType.CgroupInetIngress, BpfProgramType.CgroupSkb, withoutLink: false),
        BpfFeature.PerfLinks => KernelFeatures.Current.Probe(KernelFeature.PerfLink),
        BpfFeature.Cookies => KernelFeatures.Current.Probe(KernelFeature.BpfCookie),
        BpfFeature.KprobeMulti => AttachTypeProbe.Ask(BpfAttachType.TraceKprobeMulti, BpfProgramType.Kprobe),
        BpfFeature.UprobeMulti => KernelFeatures.Current.Probe(KernelFeature.UprobeMultiLink),
        BpfFeature.Kprobes => Probes("kprobe"),
        BpfFeature.Uprobes => Probes("uprobe"),
        BpfFeature.BatchOperations => Batches(),
        BpfFeature.BoundedLoops => Loop(),
        BpfFeature.LargePrograms => Large(),
        BpfFeature.BpfLsm => SecurityModule(),
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, "There is no such feature."),
    };

    private static FeatureSupport KernelTypes()
    {
        try
        {
            return KernelBtf.TryGetVmlinux(out _) ? FeatureSupport.Supported : FeatureSupport.Missing;
        }
        catch (BpfException failure)
        {
            return ProbeAnswer.Of(failure); // they are there and cannot be read
        }
    }

    private static FeatureSupport Probes(string kind)
    {
        if (EventSource.TryGetType(kind, out _)) return FeatureSupport.Supported;
        TraceFs? files = TraceFs.TryOpen(out Errno errno);
        if (files is null) return ProbeAnswer.OfFile(false, errno);
        using Stream? events = files.TryOpenRead(kind + "_events", out errno);
        return ProbeAnswer.OfFile(events is not null, errno);
    }

    private static FeatureSupport Batches()
    {
        using FileDescriptorHandle? map = Context.CreateArray(sizeof(int), out Errno errno);
        if (map is null) return ProbeAnswer.Of(map, errno);
        uint count = 1, next = 0;
        ulong key = 0, value = 0;
        ref byte nextByte = ref MemoryMarshal.AsBytes(new Span<uint>(ref next))[0];
        ref byte keyByte = ref MemoryMarshal.AsBytes(new Span<ulong>(ref key))[0];
        ref byte valueByte = ref MemoryMarshal.AsBytes(new Span<ulong>(ref value))[0];
        errno = BpfSyscall.MapLookupBatch(
            map, in System.Runtime.CompilerServices.Unsafe.NullRef<byte>(), ref nextByte, ref keyByte, ref valueByte, ref count, 0);
        return ProbeAnswer.Of(errno is Errno.None or Errno.ENOENT, errno);
    }

    // r0 = 10; do r0 -= 1 while r0 != 0
    private static FeatureSupport Loop() => Context.TryProgram(
        BpfProgramType.SocketFilter,
        [
            ProbeCode.MoveImmediate(0, 10),
            ProbeCode.Add(0, -1),
            new BpfInstruction(BpfOpCode.Jump | 0x50, 0, 0, -2, 0), // if r0 != 0 goto -2
            ProbeCode.Exit(),
        ]);

    // 4096 was the limit before.
    private static FeatureSupport Large()
    {
        var code = new BpfInstruction[4098];
        Array.Fill(code, ProbeCode.MoveImmediate(0, 1));
        code[^1] = ProbeCode.Exit();
        return Context.TryProgram(BpfProgramType.SocketFilter, code);
    }

    private static FeatureSupport SecurityModule()
    {
        const string List = "/sys/kernel/security/lsm";
        FeatureSupport type = ProgramTypeProbe.Ask(BpfProgramType.Lsm, out _);
        if (type != FeatureSupport.Supported) return type;
        // Where there is no list, securityfs is not mounted, or not for everybody.
        return SystemFile.TryReadText(List, out Errno errno) is not { } modules ? (ProbeAnswer.IsShortage(errno) ? FeatureSupport.Unanswered : FeatureSupport.Denied)
            : Array.IndexOf(modules.Split(','), "bpf") >= 0 ? FeatureSupport.Supported : FeatureSupport.Missing;
    }
}

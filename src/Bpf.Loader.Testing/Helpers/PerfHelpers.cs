using System;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Perf buffers and counters.</summary>
internal static class PerfHelpers
{
    private const ulong IndexMask = 0xffff_ffff;

    public static void AddTo(BpfHelperTable helpers)
    {
        foreach (string output in (string[])["bpf_perf_event_output", "bpf_skb_output", "bpf_xdp_output"])
            helpers[output] = static call => (ulong)Output(call);
        helpers["bpf_perf_event_read"] = static call =>
        {
            PerfEventArrayMap map = call.Map<PerfEventArrayMap>(1);
            return map.Counters.TryGetValue(IndexOf(call, call[2]), out ulong value) ? value : unchecked((ulong)Error.NoEntry);
        };
        helpers["bpf_perf_event_read_value"] = static call =>
        {
            PerfEventArrayMap map = call.Map<PerfEventArrayMap>(1);
            Span<byte> target = call.Write(3, (int)call[4]);
            target.Clear();
            if (target.Length != 24) return unchecked((ulong)Error.Invalid);
            if (!map.Counters.TryGetValue(IndexOf(call, call[2]), out ulong value)) return unchecked((ulong)Error.NoEntry);
            BitConverter.TryWriteBytes(target, value);
            return 0;
        };
    }

    // __bpf_perf_event_output of kernel/trace/bpf_trace.c: the lower half of the flags is the CPU, the rest of them the bytes of the context.
    private static long Output(BpfCall call)
    {
        PerfEventArrayMap map = call.Map<PerfEventArrayMap>(2);
        uint cpu = IndexOf(call, call[3]);
        if (cpu >= map.MaxEntries) return Error.TooBig;
        if (cpu >= (uint)call.Machine.CpuCount) return Error.NoEntry;
        if (cpu != (uint)call.Machine.Cpu) return Error.NotSupported;
        ReadOnlySpan<byte> data = call.Read(4, (int)call[5]);
        int packet = (int)((call[3] >> 32) & 0xfffff);
        if (packet == 0) return map.Output((int)cpu, data);
        if (call.Context is not Contexts.IPacketContext { Packet: { } bytes } || packet > bytes.Length) return Error.Fault;
        return map.Output((int)cpu, [.. data, .. bytes.Bytes[..packet]]);
    }

    private static uint IndexOf(BpfCall call, ulong flags) => (flags & IndexMask) == IndexMask ? (uint)call.Machine.Cpu : (uint)flags;
}

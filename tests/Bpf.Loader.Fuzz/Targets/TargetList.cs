using System;
using System.Collections.Generic;
using System.Threading;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>All targets.</summary>
internal static class TargetList
{
    /// <summary>All targets, in the order in which they are run.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ElfTarget(), new BtfTarget(), new BtfPrintTarget(), new BtfDeduplicateTarget(), new BtfRewriteTarget(), new BtfExtTarget(),
        new ObjectTarget(), new RelocateTarget(), new LinkTarget(), new RoadTarget(), new LightTarget(), new LightMakeTarget(),
        new ValuesTarget(), new AssignmentTarget(), new InstructionsTarget(), new BinaryTarget(), new ArchiveTarget(), new LibraryCacheTarget(), .. KernelTexts.Targets, .. UserTexts.Targets,
        .. SymbolTexts.Targets, new SymbolTablesTarget(), new NetlinkTarget(), new RingRecordsTarget(), new PerfRecordsTarget(), new MachineTarget(), new MachineCallsTarget(),
    ];

    /// <summary>Faults by which the fuzzer itself is tried, and what it must say of them.</summary>
    public static IReadOnlyDictionary<FuzzTarget, string> OnPurpose { get; } = new Dictionary<FuzzTarget, string>
    {
        [new OnPurposeTarget("purpose-index", input => input[input.Length] = 1)] = "IndexOutOfRangeException",
        [new OnPurposeTarget("purpose-null", _ => ((string?)null)!.Trim())] = "NullReferenceException",
        [new OnPurposeTarget("purpose-memory", _ => GC.KeepAlive(new byte[64 << 20]))] = "too much was allocated",
        [new OnPurposeTarget("purpose-heap", _ => GC.KeepAlive(new byte[2_000_000_000]))] = "OutOfMemoryException",
        [new OnPurposeTarget("purpose-stack", Recurse)] = "the process ended with",
        [new OnPurposeTarget("purpose-hang", _ => Spin())] = "no end within",
        [new OnPurposeTarget("purpose-guard", _ => ReadBehind())] = "the process ended with",
        [new OnPurposeTarget("purpose-oracle", _ => Oracle.Require(false, "wrong"))] = "OracleException",
    };

    private static void Spin()
    {
        while (true) Thread.SpinWait(1000);
    }

    private static unsafe void ReadBehind()
    {
        using var memory = new GuardedMemory(16);
        GC.KeepAlive(memory.Start[memory.Size]);
    }

    private static void Recurse(byte[] input)
    {
        Recurse([.. input, 1]);
        GC.KeepAlive(input);
    }
}

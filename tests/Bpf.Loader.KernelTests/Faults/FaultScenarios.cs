using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Buffers;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;

namespace Bpf.Loader.KernelTests.Faults;

/// <summary>Loading, reading and running; what is attached is in <see cref="FaultyAttachments"/>.</summary>
internal static class FaultScenarios
{
    public static IReadOnlyDictionary<string, Func<FaultScenario>> All { get; } = new Dictionary<string, Func<FaultScenario>>(StringComparer.Ordinal)
    {
        ["load: ring buffer, hash, globals"] = () => Of(() => TestObjects.Open("execsnoop").Load().Dispose()),
        ["load: features unknown"] = () => Of(() => TestObjects.Open("execsnoop").Load(new BpfLoadOptions { Features = KernelFeatures.Uncached() }).Dispose()),
        ["load: kernel's types unread"] = () => Of(() =>
        {
            KernelBtf.Release();
            TestObjects.Open("core_kernel").Load().Dispose();
        }),
        ["load: externs"] = () => Of(() => TestObjects.Open("extern_ksyms").Load().Dispose()),
        ["load: configuration"] = () => Of(() => TestObjects.Open("extern_kconfig").Load().Dispose()),
        ["load: maps of maps"] = () => Of(() => TestObjects.Open("maps_inner").Load().Dispose()),
        ["load: program array"] = () => Of(() => TestObjects.Open("maps_prog_array").Load().Dispose()),
        ["load: struct_ops"] = () => Of(() => TestObjects.Open("hook_struct_ops").Load().Dispose()),
        ["load: pinned maps"] = Pinned,
        ["file: object"] = () => Of(() => BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o"))),
        ["globals: read and written"] = Globals,
        ["map: elements"] = Elements,
        ["map: opened by id and pin"] = Opened,
        ["program: opened by id, run, described"] = Programs,
        ["ring buffer: read"] = Ring,
        ["perf buffer: read"] = PerfBuffer,
        ["lists: programs, maps, links"] = () => Of(() =>
        {
            _ = BpfProgram.EnumerateIds().Count();
            _ = BpfMap.EnumerateIds().Count();
            _ = BpfLink.EnumerateIds().Count();
        }),
        ["features"] = () => Of(() =>
        {
            KernelFeatures features = KernelFeatures.Uncached();
            foreach (KernelFeature feature in Enum.GetValues<KernelFeature>()) features.Probe(feature);
            _ = BpfFeatures.ProbeTracepoint("sched", "sched_switch");
        }),
    };

    private static FaultScenario Of(Action run) => new(run);

    private static FaultScenario Pinned()
    {
        Requires.SyscallPrograms();
        var bpffs = new BpfFileSystem();
        return new FaultScenario(
            () =>
            {
                try
                {
                    var options = new BpfOpenOptions { PinRootPath = bpffs["root"] };
                    BpfObjectFile.Open(TestObjects.PathOf("maps_pinned.bpf.o"), options).Load().Dispose();
                }
                catch (BpfLoaderException)
                {
                    // A load that fails leaves no pins of its own.
                    if (Directory.Exists(bpffs["root"]) && Directory.EnumerateFileSystemEntries(bpffs["root"]).Any()) throw new InvalidOperationException("pins are left");
                    throw;
                }
            },
            () =>
            {
                if (Directory.Exists(bpffs["root"])) Directory.Delete(bpffs["root"], recursive: true);
            },
            null,
            bpffs);
    }

    private static FaultScenario Globals() => Of(() =>
    {
        using BpfObject bpf = TestObjects.Open("data_globals").Load();
        foreach (BpfVariable variable in bpf.Globals) _ = variable.Bytes.Length;
    });

    private static FaultScenario Elements() => Of(() =>
    {
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "elements", KeySize = 4, ValueSize = 8, MaxEntries = 64 });
        BpfMap<int, long> view = map.As<int, long>();
        for (int i = 0; i < 3; i++) view[i] = i;
        view.Remove(1);
        _ = view.TryGet(2, out _);
        _ = view.Count;
        int[] keys = [10, 11];
        view.SetBatch(keys, [1L, 2L]);
    });

    private static FaultScenario Opened()
    {
        var bpffs = new BpfFileSystem();
        BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "opened", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        return new FaultScenario(
            () =>
            {
                using BpfMap byId = BpfMap.OpenById(map.Id);
                byId.Pin(bpffs["map"]);
                using BpfMap byPin = BpfMap.OpenPinned(bpffs["map"]);
                byId.Unpin();
            },
            () => File.Delete(bpffs["map"]),
            () => Directory.EnumerateFileSystemEntries(bpffs.Path),
            bpffs,
            map);
    }

    private static FaultScenario Programs()
    {
        BpfObject bpf = TestObjects.Load("hook_xdp");
        uint id = bpf.Programs["xdp_plain"].Id;
        return new FaultScenario(
            () =>
            {
                using BpfProgram program = BpfProgram.OpenById(id);
                _ = program.GetInfo();
                program.TestRun(new BpfTestRunOptions { Data = new byte[64], Repeat = 10 });
            },
            null,
            null,
            bpf);
    }

    private static FaultScenario Ring()
    {
        var events = new EventProgram();
        events.Run(3);
        return new FaultScenario(
            () =>
            {
                using RingBuffer ring = events.Ring.OpenRingBuffer();
                ring.Poll(TimeSpan.Zero, static _ => { });
            },
            null,
            null,
            events);
    }

    private static FaultScenario PerfBuffer()
    {
        BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.PerfEventArray, Name = "perf", KeySize = 4, ValueSize = 4, MaxEntries = (uint)Environment.ProcessorCount });
        return new FaultScenario(() => map.OpenPerfBuffer().Dispose(), null, null, map);
    }
}

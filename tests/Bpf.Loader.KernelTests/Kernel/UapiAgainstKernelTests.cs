using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>The running kernel's own BTF says how its enumerations count and where its structures have their members.</summary>
public sealed class UapiAgainstKernelTests
{
    [Fact]
    public void Map_types_are_the_kernels() => AssertSame<BpfMapType>("bpf_map_type", "BPF_MAP_TYPE_");

    [Fact]
    public void Program_types_are_the_kernels() => AssertSame<BpfProgramType>("bpf_prog_type", "BPF_PROG_TYPE_");

    [Fact]
    public void Attach_types_are_the_kernels() => AssertSame<BpfAttachType>("bpf_attach_type", "BPF_");

    [Fact]
    public void Link_types_are_the_kernels() => AssertSame<BpfLinkType>("bpf_link_type", "BPF_LINK_TYPE_");

    [Fact]
    public void Commands_are_the_kernels()
    {
        foreach ((string name, long value) in Enumerators("bpf_cmd"))
        {
            if (name.StartsWith("__MAX", StringComparison.Ordinal) || name is "BPF_PROG_RUN" or "BPF_COMMON_ATTRS")
                continue;
            Assert.Equal(name, ((BpfCommand)value).ToUapiName());
        }
    }

    [Fact]
    public void Info_structures_are_the_kernels()
    {
        var map = default(MapInfo);
        AssertField("bpf_map_info", "type", ref map, ref map.Type);
        AssertField("bpf_map_info", "map_flags", ref map, ref map.MapFlags);
        AssertField("bpf_map_info", "name", ref map, ref map.Name);
        AssertField("bpf_map_info", "netns_ino", ref map, ref map.NetnsInode);
        AssertField("bpf_map_info", "btf_value_type_id", ref map, ref map.BtfValueTypeId);
        AssertField("bpf_map_info", "map_extra", ref map, ref map.MapExtra, since: (5, 16));

        var program = default(ProgInfo);
        AssertField("bpf_prog_info", "tag", ref program, ref program.Tag);
        AssertField("bpf_prog_info", "xlated_prog_insns", ref program, ref program.XlatedInstructions);
        AssertField("bpf_prog_info", "load_time", ref program, ref program.LoadTime);
        AssertField("bpf_prog_info", "nr_map_ids", ref program, ref program.MapIdCount);
        AssertField("bpf_prog_info", "map_ids", ref program, ref program.MapIds);
        AssertField("bpf_prog_info", "name", ref program, ref program.Name);
        AssertField("bpf_prog_info", "nr_jited_ksyms", ref program, ref program.JitedKsymCount);
        AssertField("bpf_prog_info", "jited_func_lens", ref program, ref program.JitedFuncLengths);
        AssertField("bpf_prog_info", "func_info", ref program, ref program.FuncInfo);
        AssertField("bpf_prog_info", "nr_line_info", ref program, ref program.LineInfoCount);
        AssertField("bpf_prog_info", "jited_line_info", ref program, ref program.JitedLineInfo);
        AssertField("bpf_prog_info", "prog_tags", ref program, ref program.Tags);
        AssertField("bpf_prog_info", "run_cnt", ref program, ref program.RunCount);
        AssertField("bpf_prog_info", "verified_insns", ref program, ref program.VerifiedInstructions, since: (5, 16));
        AssertField("bpf_prog_info", "attach_btf_id", ref program, ref program.AttachBtfId, since: (6, 0));

        var btf = default(BtfInfo);
        AssertField("bpf_btf_info", "name", ref btf, ref btf.Name, since: (5, 11));
        AssertField("bpf_btf_info", "kernel_btf", ref btf, ref btf.KernelBtf, since: (5, 11));

        var perf = default(PerfEventAttr);
        AssertField("perf_event_attr", "sample_type", ref perf, ref perf.SampleType);
        AssertField("perf_event_attr", "clockid", ref perf, ref perf.ClockId);
        AssertField("perf_event_attr", "sample_max_stack", ref perf, ref perf.SampleMaxStack);
        AssertField("perf_event_attr", "sig_data", ref perf, ref perf.SigData, since: (5, 13));
    }

    [Fact]
    public void Attributes_are_the_kernels()
    {
        // The groups of union bpf_attr that have no name are told by their first member.
        var create = default(MapCreateAttr);
        AssertAttribute("map_type", "map_name", ref create, ref create.MapName);
        AssertAttribute("map_type", "btf_vmlinux_value_type_id", ref create, ref create.BtfVmlinuxValueTypeId);
        AssertAttribute("map_type", "map_extra", ref create, ref create.MapExtra, since: (5, 16));

        var load = default(ProgLoadAttr);
        AssertAttribute("prog_type", "log_buf", ref load, ref load.LogBuf);
        AssertAttribute("prog_type", "expected_attach_type", ref load, ref load.ExpectedAttachType);
        AssertAttribute("prog_type", "line_info_cnt", ref load, ref load.LineInfoCnt);
        AssertAttribute("prog_type", "attach_btf_id", ref load, ref load.AttachBtfId);
        AssertAttribute("prog_type", "fd_array", ref load, ref load.FdArray, since: (5, 14));

        var batch = default(MapBatchAttr);
        AssertAttribute("batch", "count", ref batch, ref batch.Count);
        AssertAttribute("batch", "elem_flags", ref batch, ref batch.ElementFlags);

        var run = default(ProgTestRunAttr);
        AssertAttribute("test", "duration", ref run, ref run.Duration);
        AssertAttribute("test", "ctx_out", ref run, ref run.ContextOut);
        AssertAttribute("test", "cpu", ref run, ref run.Cpu);

        var query = default(ProgQueryAttr);
        AssertAttribute("query", "attach_flags", ref query, ref query.AttachFlags);
        AssertAttribute("query", "prog_ids", ref query, ref query.ProgIds);

        var task = default(TaskFdQueryAttr);
        AssertAttribute("task_fd_query", "probe_addr", ref task, ref task.ProbeAddr);

        var update = default(LinkUpdateAttr);
        AssertAttribute("link_update", "flags", ref update, ref update.Flags);
    }

    private static void AssertSame<T>(string kernelEnum, string prefix)
        where T : struct, Enum
    {
        // "BPF_MAP_TYPE_LRU_PERCPU_HASH" and "LruPerCpuHash" are the same without their case and underscores.
        Dictionary<string, uint> ours = Enum.GetValues<T>()
            .ToDictionary(v => v.ToString().ToUpperInvariant(), v => Unsafe.BitCast<T, uint>(v));
        foreach ((string name, long value) in Enumerators(kernelEnum))
        {
            if (name.TrimStart('_').StartsWith("MAX_", StringComparison.Ordinal) || name.EndsWith("_DEPRECATED", StringComparison.Ordinal))
                continue;
            string plain = name[prefix.Length..].Replace("_", "", StringComparison.Ordinal);
            if (plain == "UNSPEC")
                plain = "UNSPECIFIED";
            Assert.True(ours.TryGetValue(plain, out uint ourValue), $"{typeof(T).Name} lacks {name}.");
            Assert.Equal((uint)value, ourValue);
        }
    }

    private static List<(string Name, long Value)> Enumerators(string name)
    {
        BtfReader kernel = KernelBtf.Vmlinux;
        Assert.True(kernel.TryFind(name, BtfKind.Enum, out BtfTypeId id));
        var list = new List<(string, long)>();
        foreach (BtfEnumerator enumerator in kernel[id].Enumerators)
            list.Add((enumerator.Name, (long)enumerator.Value));
        Assert.NotEmpty(list);
        return list;
    }

    private static void AssertField<TStruct, TField>(string structure, string member, ref TStruct whole, ref TField field, (int Major, int Minor) since = default)
    {
        BtfReader kernel = KernelBtf.Vmlinux;
        Assert.True(kernel.TryFind(structure, BtfKind.Struct, out BtfTypeId id));
        AssertOffset(OffsetOf(kernel[id], member), Offset(ref whole, ref field), since);
    }

    private static void AssertAttribute<TStruct, TField>(string group, string member, ref TStruct whole, ref TField field, (int Major, int Minor) since = default)
    {
        BtfReader kernel = KernelBtf.Vmlinux;
        Assert.True(kernel.TryFind("bpf_attr", BtfKind.Union, out BtfTypeId id));
        foreach (BtfMember candidate in kernel[id].Members)
        {
            BtfType type = kernel[candidate.TypeId];
            bool isGroup = candidate.Name.Length > 0 ? candidate.Name == group
                : type.Kind == BtfKind.Struct && OffsetOf(type, group) == 0;
            if (!isGroup)
                continue;
            AssertOffset(OffsetOf(type, member), Offset(ref whole, ref field), since);
            return;
        }

        Assert.Fail($"union bpf_attr has no group {group}.");
    }

    // Older kernels have no such member; where they have it, it is in its place whatever their version.
    private static void AssertOffset(int kernels, int ours, (int Major, int Minor) since)
    {
        if (kernels >= 0 || KernelVersion.Current.CompareTo(new KernelVersion(since.Major, since.Minor, 0)) >= 0) Assert.Equal(kernels, ours);
    }

    // In bytes; -1 when there is no such member. Members of unnamed members are members.
    private static int OffsetOf(BtfType type, string member)
    {
        foreach (BtfMember candidate in type.Members)
        {
            if (candidate.Name == member)
                return (int)(candidate.BitOffset / 8);
            if (candidate.Name.Length == 0)
            {
                int inner = OffsetOf(KernelBtf.Vmlinux[candidate.TypeId], member);
                if (inner >= 0)
                    return (int)(candidate.BitOffset / 8) + inner;
            }
        }

        return -1;
    }

    private static int Offset<TStruct, TField>(ref TStruct whole, ref TField field)
        => (int)Unsafe.ByteOffset(ref Unsafe.As<TStruct, byte>(ref whole), ref Unsafe.As<TField, byte>(ref field));
}

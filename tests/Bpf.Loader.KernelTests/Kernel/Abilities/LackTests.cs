using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel.Abilities;

/// <summary>What this kernel lacks is said with the first that has it; and where it has it, nothing is said.</summary>
public sealed class LackTests : KernelTest
{
    [Theory]
    [InlineData("hook_syscall", "add", "the program type Syscall", "5.14")]
    [InlineData("hook_xdp", "xdp_frags", "the program flag XdpHasFrags", "5.18")]
    [InlineData("hook_lsm_cgroup", "lsm_cgroup_socket", "the attach type LsmCgroup", "6.0")]
    [InlineData("hook_netfilter", "filter", "the program type Netfilter", "6.4")]
    [InlineData("hook_cgroup", "connect_unix", "the attach type CgroupUnixConnect", "6.7")]
    [InlineData("hook_uprobe_sleepable", "uprobe_sleepable", "programs of type Kprobe that may sleep", "6.0")]
    [InlineData("maps_bloom", "remember", "the map type BloomFilter", "5.16")]
    [InlineData("maps_user_ringbuf", "drain", "the map type UserRingBuf", "6.1")]
    [InlineData("maps_cgrp_storage", "count", "the map type CgrpStorage", "6.2")]
    [InlineData("maps_arena", "touch", "the map type Arena", "6.9")]
    [InlineData("maps_storage", "on_enter", "the map type TaskStorage", "5.11")]
    [InlineData("hook_struct_ops_link", "mini_ssthresh", "the map flag Link", "6.4")]
    public void What_a_load_lacks_is_named_with_its_first_kernel(string name, string program, string feature, string since)
    {
        BpfObjectFile file = TestObjects.Open(name);
        foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == program;
        if (FirstKernels.IsReached(since))
        {
            KernelPolicy.Permits(file);
            file.Load().Dispose();
            return;
        }

        BpfException refusal = Assert.ThrowsAny<BpfException>(() => file.Load().Dispose());
        Assert.Equal(BpfDiagnosticId.NotSupported, refusal.Finding.Id);
        Assert.Contains($"{feature}, which is not supported by this kernel; Linux {since} is the first that has it.", refusal.Finding.What, StringComparison.Ordinal);
        Assert.DoesNotContain("new enough", refusal.Message, StringComparison.Ordinal);
        if (refusal is BpfNotSupportedException lack) Assert.Equal((feature, since), (lack.Feature, lack.SinceKernel));
    }

    [Fact]
    public void The_last_type_that_the_kernel_has_is_named()
    {
        if (FirstKernels.IsReached("6.9")) Assert.Skip("this kernel has all map types that an object of the tests uses");
        BpfException refusal = Assert.ThrowsAny<BpfException>(() => TestObjects.Open("maps_arena").Load().Dispose());
        BtfReader types = KernelBtf.Vmlinux;
        Assert.True(types.TryFind("bpf_map_type", BtfKind.Enum, out BtfTypeId id));
        (long last, string name) = (-1, "");
        foreach (BtfEnumerator value in types[id].Enumerators)
        {
            if (!value.Name.StartsWith("__", StringComparison.Ordinal) && value.Value > last) (last, name) = (value.Value, value.Name);
        }

        Assert.Contains($"This kernel's map types end with {last} ({name}).", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_type_that_no_kernel_has_is_told_the_last_one()
    {
        BpfException refusal = Assert.ThrowsAny<BpfException>(() => BpfMap.Create(new BpfMapCreateOptions { Type = (BpfMapType)4000, Name = "m", KeySize = 4, ValueSize = 4, MaxEntries = 1 }));
        Assert.Equal(BpfDiagnosticId.MapRefused, refusal.Id);
        Assert.Contains("This kernel's map types end with ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_without_a_parser_is_of_5_13()
    {
        KernelPolicy.Permits(BpfProgramType.SkSkb);
        using BpfObject bpf = TestObjects.Load("hook_socket", "verdict");
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
        if (FirstKernels.IsReached("5.13"))
        {
            bpf.Programs[0].AttachSockMap(map).Dispose();
            return;
        }

        BpfAttachException refusal = Assert.Throws<BpfAttachException>(() => bpf.Programs[0].AttachSockMap(map));
        Assert.Equal(BpfDiagnosticId.NotSupported, refusal.Id);
        Assert.Contains("the attach type SkSkbVerdict is not supported by this kernel; Linux 5.13 is the first that has it.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("sk_skb/stream_verdict", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_iterator_over_one_process_is_of_6_1()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task");
        var options = new IteratorOptions { ProcessId = Environment.ProcessId };
        if (FirstKernels.IsReached("6.1"))
        {
            bpf.Programs["dump_task"].AttachIterator(options).Dispose();
            return;
        }

        BpfAttachException refusal = Assert.Throws<BpfAttachException>(() => bpf.Programs["dump_task"].AttachIterator(options));
        Assert.Contains("an iterator over a chosen thread or process is not supported by this kernel; Linux 6.1 is the first that has it.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(181, "bpf_loop", "5.17")]
    [InlineData(208, "bpf_ktime_get_tai_ns", "6.1")]
    [InlineData(211, "bpf_cgrp_storage_delete", "6.2")]
    public void A_helper_that_came_later_is_called_by_its_name(int number, string name, string since)
    {
        if (FirstKernels.IsReached(since)) Assert.Skip($"this kernel has {name}, of {since}");
        var file = new ObjectBuilder();
        file.AddFunction("entry", file.AddCode("tracepoint", new BpfInstruction(BpfOpCode.Call, 0, 0, 0, number), new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0)), 0, 2);
        file.AddData("license", [.. "GPL\0"u8]);
        BpfVerifierException refusal = Assert.Throws<BpfVerifierException>(() => file.Read().Load().Dispose());
        Assert.Equal(BpfDiagnosticId.MissingHelper, refusal.Id);
        Assert.Contains($"The program calls {name}() (helper {number}), which this kernel does not have; Linux {since} is the first that has it.", refusal.Finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_agrees_with_the_types_of_this_kernel()
    {
        AssertAgreed(KernelEnum.ProgramTypes, Enum.GetValues<BpfProgramType>().Select(type => ((long)type, FirstKernels.Of(type))));
        AssertAgreed(KernelEnum.MapTypes, Enum.GetValues<BpfMapType>().Select(type => ((long)type, FirstKernels.Of(type))));
        AssertAgreed(KernelEnum.AttachTypes, Enum.GetValues<BpfAttachType>().Select(type => ((long)type, FirstKernels.Of(type))));
        AssertAgreed("bpf_func_id", Enumerable.Range(156, 56).Select(helper => ((long)helper, FirstKernels.OfHelper(helper))));
    }

    private static void AssertAgreed(string enumeration, IEnumerable<(long Value, string? Since)> rows)
    {
        foreach ((long value, string? since) in rows)
        {
            if (since is not null) Assert.True(KernelEnum.Has(enumeration, value) == FirstKernels.IsReached(since), $"{enumeration} {value} should be there since {since}; this is {KernelVersion.Current}.");
        }
    }
}

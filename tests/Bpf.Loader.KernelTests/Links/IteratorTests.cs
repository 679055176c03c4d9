using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class IteratorTests : KernelTest
{
    [Fact]
    public void All_tasks_are_gone_over_at_each_reading()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task");
        using BpfIteratorLink link = bpf.Programs["dump_task"].AttachIterator();
        Assert.Equal("task", Assert.IsType<IteratorLinkInfo>(link.GetInfo()).TargetName);
        for (int i = 0; i < 2; i++) Assert.Contains(Environment.ProcessId, Pids(link));
    }

    [Fact]
    public void The_threads_of_one_process_are_gone_over_and_one_thread()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task");
        if (KnowsNoTasks(() => bpf.Programs["dump_task"].AttachIterator(new IteratorOptions { ProcessId = Environment.ProcessId }))) return;
        using (BpfIteratorLink link = bpf.Programs["dump_task"].AttachIterator(new IteratorOptions { ProcessId = Environment.ProcessId }))
        {
            List<int> pids = Pids(link);
            Assert.Contains(Environment.ProcessId, pids);
            Assert.DoesNotContain(1, pids);
            Assert.Equal(Environment.ProcessId, Assert.IsType<IteratorLinkInfo>(link.GetInfo()).ProcessId);
        }
    }

    [Fact]
    public void The_elements_of_a_map_are_gone_over()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_element");
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "elements", KeySize = 4, ValueSize = 8, MaxEntries = 8 });
        var expected = new SortedSet<string>();
        for (int i = 0; i < 5; i++)
        {
            byte[] key = BitConverter.GetBytes(i), value = BitConverter.GetBytes(i * 1000L);
            map.Set(key, value);
            expected.Add(Convert.ToHexString([.. key, .. value]));
        }

        BpfProgram program = bpf.Programs["dump_element"];
        var error = Assert.Throws<BpfAttachException>(() => program.AttachIterator());
        Assert.Contains("a map", error.Message, StringComparison.Ordinal);
        using BpfIteratorLink link = program.AttachIterator(new IteratorOptions { Map = map });
        Assert.Equal(map.Id, Assert.IsType<IteratorLinkInfo>(link.GetInfo()).MapId);
        byte[] output = ReadAll(link);
        Assert.Equal(5 * 12, output.Length);
        var seen = new SortedSet<string>();
        for (int i = 0; i < 5; i++) seen.Add(Convert.ToHexString(output.AsSpan(i * 12, 12)));
        Assert.Equal(expected, seen);
    }

    [Fact]
    public void Bare_iterators_are_attached_from_their_sections()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task", "dump_task_sleepable");
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.IsType<BpfIteratorLink>(links["dump_task"]);
        Assert.IsType<BpfIteratorLink>(links["dump_task_sleepable"]);
    }

    [Fact]
    public void An_iterator_that_needs_a_map_is_not_attached_from_its_section()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter");
        using BpfLinkCollection links = bpf.AttachAll(new BpfAttachAllOptions { ContinueOnError = true });
        Assert.Equal(2, links.Count);
        Assert.Equal("dump_element", Assert.Single(links.Failures).Name);
    }

    [Fact]
    public void A_thread_is_chosen_or_the_lack_told()
    {
        // Kernels before 6.1 would go over all of them.
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task");
        if (KnowsNoTasks(() => bpf.Programs["dump_task"].AttachIterator(new IteratorOptions { ThreadId = Environment.ProcessId }))) return;
        using BpfIteratorLink link = bpf.Programs["dump_task"].AttachIterator(new IteratorOptions { ThreadId = Environment.ProcessId });
        Assert.Equal([Environment.ProcessId], Pids(link));
    }

    /// <summary>Whether this kernel is too old to go over the tasks of one process or thread only, which it must be told then.</summary>
    internal static bool KnowsNoTasks(Action attach)
    {
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 1, 0)) >= 0) return false;
        BpfAttachException refused = Assert.Throws<BpfAttachException>(attach);
        Assert.Equal(BpfDiagnosticId.NotSupported, refused.Id);
        Assert.Contains("6.1", refused.Message, StringComparison.Ordinal);
        return true;
    }

    private static byte[] ReadAll(BpfIteratorLink link)
    {
        using Stream stream = link.OpenRead();
        var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }

    // struct task_line begins with the thread's number.
    private static List<int> Pids(BpfIteratorLink link)
    {
        byte[] output = ReadAll(link);
        const int Line = 8;
        Assert.Equal(0, output.Length % Line);
        var pids = new List<int>();
        for (int i = 0; i < output.Length; i += Line) pids.Add(MemoryMarshal.Read<int>(output.AsSpan(i)));
        return pids;
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Parts;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Linking;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Skeletons;

/// <summary>Classes of parts find what is theirs in an object that was linked of several.</summary>
public sealed class SubSkeletonTests : KernelTest
{
    [Fact]
    public async Task Each_part_finds_its_maps_programs_and_variables()
    {
        Requires.SyscallPrograms();
        Requires.Function("bpf_strncmp", "bpf_strncmp() (Linux 5.17)");
        BpfObjectFile file = Link();
        StringsPart.Description strings = StringsPart.Description.Of(file);
        SnoopPart.Description snoop = SnoopPart.Description.Of(file);
        Assert.Equal(("current", uint.MaxValue), (strings.Data.Current.ToString(), snoop.Rodata.OnlyUid));
        strings.Data.Current = "another";
        snoop.Rodata.OnlyUid = 0;
        snoop.Maps.Events.MaxEntries = 64 * 1024;
        Assert.Equal(("print", "process_started"), (strings.Programs.Print.Name, snoop.Programs.ProcessStarted.Name));

        // Who loads it knows nothing of the parts, and the variables of all of them lie in the same maps.
        using BpfObject bpf = file.Load();
        StringsPart text = StringsPart.FromObject(bpf);
        SnoopPart events = SnoopPart.FromObject(bpf);
        Assert.Same(bpf, text.Object);
        Assert.Equal(("another", 0u, 0ul), (text.Data.Current.ToString(), events.Rodata.OnlyUid, text.Bss.Result));
        ref ulong result = ref text.Bss.Result;
        text.Programs.Print.TestRun();
        ulong first = Volatile.Read(ref result);
        Assert.Equal(bpf.Globals["result"].Get<ulong>(), first);
        text.Data.Current = "current";
        text.Programs.Print.TestRun();
        Assert.Equal((true, true), (first != 0, Volatile.Read(ref result) != first));

        using BpfLink link = events.Programs.ProcessStarted.Attach();
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<SnoopPart.ExecEvent> read = events.Maps.Events.ReadAllAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        ValueTask<bool> next = read.MoveNextAsync();
        using Process process = Process.Start("/bin/true");
        await process.WaitForExitAsync(stop.Token);
        Assert.True(await next);
        while (read.Current.Pid != process.Id) Assert.True(await read.MoveNextAsync()); // others start processes too
        Assert.Equal("true", read.Current.Comm.ToString());
        Assert.Equal(0ul, events.Bss.Dropped);
        StringsPart.VerifyLayout();
        SnoopPart.VerifyLayout();
    }

    [Fact]
    public void An_object_without_the_part_is_refused()
    {
        BpfObjectFile other = TestObjects.Open("hook_xdp");
        Assert.Contains("'events'", Assert.Throws<KeyNotFoundException>(() => SnoopPart.Description.Of(other)).Message, StringComparison.Ordinal);
        Assert.Contains("has no variable 'current'", Assert.Throws<KeyNotFoundException>(() => StringsPart.Description.Of(other)).Message, StringComparison.Ordinal);
        using BpfObject loaded = other.Load();
        Assert.Contains("'events'", Assert.Throws<KeyNotFoundException>(() => SnoopPart.FromObject(loaded)).Message, StringComparison.Ordinal);
    }

    private static BpfObjectFile Link()
    {
        var linker = new BpfLinker();
        string[] parts = ["testdata/clang-14/data_globals", "testdata/clang-14/data_strings", "src/samples/execsnoop/execsnoop"];
        foreach (string part in parts) linker.Add(File.ReadAllBytes(Path.Combine(TestData.Repository, part + ".bpf.o")), part);
        return BpfObjectFile.Read(linker.ToArray(), "linked.o");
    }
}

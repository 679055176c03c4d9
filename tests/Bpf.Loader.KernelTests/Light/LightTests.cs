using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Light;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Light;

/// <summary>Objects that a program in the kernel loads: what comes of it is what the usual load gives.</summary>
public sealed class LightTests : KernelTest
{
    // What the process opens once must not count as a leak of the first test.
    static LightTests()
    {
        if (HasLoaders) Load("maps_simple.bpf.o").Dispose();
    }

    public LightTests() => Requires.SyscallPrograms();

    /// <summary>Whether programs of this kernel load others.</summary>
    internal static bool HasLoaders => KernelVersion.Current.CompareTo(new KernelVersion(5, 14, 0)) >= 0;

    [Theory]
    [InlineData("call_subprogs.bpf.o")]
    [InlineData("core_kernel.bpf.o")]
    [InlineData("core_type.bpf.o")]
    [InlineData("core_exists.bpf.o")]
    [InlineData("data_globals.bpf.o")]
    [InlineData("execsnoop.bpf.o")]
    [InlineData("extern_kfuncs_weak.bpf.o")]
    [InlineData("extern_ksyms.bpf.o")]
    [InlineData("log_entries.bpf.o")]
    [InlineData("maps_inner.bpf.o")]
    [InlineData("maps_prog_array.bpf.o")]
    [InlineData("maps_simple.bpf.o")]
    public void The_code_in_the_kernel_is_that_of_the_usual_load(string name)
    {
        using BpfObject usual = BpfObjectFile.Open(TestData.PathOf(name)).Load();
        using BpfObject light = Load(name);
        Assert.Equal(usual.Programs.Select(program => program.Name), light.Programs.Select(program => program.Name));
        Assert.Equal(usual.Maps.Select(Describe), light.Maps.Select(Describe));
        foreach (BpfProgram program in usual.Programs) Assert.Equal(CodeOf(program, usual), CodeOf(light.Programs[program.Name], light));
    }

    [Fact]
    public void Sizes_constants_and_variables_are_set_before_the_load()
    {
        LightGlobals.Description description = LightGlobals.Open();
        description.Rodata.RoLong = 1000;
        description.Data.DataSettings.Small = 2;
        description.Bss.BssCount = 5;
        using LightGlobals loaded = description.Load();
        Assert.Equal((1000, 2u, 5UL), (loaded.Rodata.RoLong, (uint)loaded.Data.DataSettings.Small, loaded.Bss.BssCount));
        loaded.Programs.Sum.TestRun();
        Assert.Equal(6UL, loaded.Bss.BssCount);
        Assert.Throws<InvalidOperationException>(() => loaded.Object.Globals["ro_long"].Set(1L));

        // As many as were asked for, and the next load has its own.
        BpfLightFile maps = BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o")));
        uint before = maps.Maps["hash"].MaxEntries;
        maps.Maps["hash"].MaxEntries = before + 3;
        using BpfObject changed = maps.Load();
        Assert.Equal(before + 3, changed.Maps["hash"].MaxEntries);
        using BpfObject original = Load("maps_simple.bpf.o");
        Assert.Equal(before, original.Maps["hash"].MaxEntries);
    }

    [Fact]
    public async Task An_object_is_attached_and_sends_its_events()
    {
        LightExecSnoop.Description description = LightExecSnoop.Open();
        description.Rodata.TargetPpid = (uint)Environment.ProcessId;
        description.Maps.Events.MaxEntries = 64 * 1024;
        using LightExecSnoop snoop = description.Load();
        Assert.Equal(64u * 1024, snoop.Object.Maps["events"].MaxEntries);
        using LightExecSnoop.Attached attached = snoop.AttachAll();
        Assert.NotNull(attached.Links.HandleExec);

        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<LightExecSnoop.ExecEvent> events = snoop.Maps.Events.ReadAllAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        ValueTask<bool> next = events.MoveNextAsync();
        using Process process = Process.Start("/bin/true");
        await process.WaitForExitAsync(stop.Token);
        Assert.True(await next);
        Assert.Equal(((uint)process.Id, "true"), (events.Current.Pid, events.Current.Comm.ToString()));
    }

    [Fact]
    public void The_configuration_is_that_of_the_kernel_it_is_loaded_on()
    {
        using BpfObject usual = BpfObjectFile.Open(TestData.PathOf("extern_kconfig.bpf.o")).Load();
        using BpfObject light = Load("extern_kconfig.bpf.o");
        usual.Programs["copy"].TestRun();
        light.Programs["copy"].TestRun();
        Assert.NotEqual(0UL, light.Globals["version"].Get<ulong>());
        foreach (BpfVariable variable in usual.Globals) Assert.Equal(Convert.ToHexString(variable.Bytes), Convert.ToHexString(light.Globals[variable.Name].Bytes));
    }

    [Fact]
    public void A_program_array_and_maps_of_maps_are_filled()
    {
        using BpfObject tails = Load("maps_prog_array.bpf.o");
        uint[] results = [.. Enumerable.Range(64, 4).Select(length => tails.Programs["entry"].TestRun(new BpfTestRunOptions { Data = new byte[length] }).ReturnValue)];
        Assert.Equal([100u, 1u, 1u, 103u], results);

        using BpfObject usual = BpfObjectFile.Open(TestData.PathOf("maps_inner.bpf.o")).Load();
        using BpfObject light = Load("maps_inner.bpf.o");
        foreach (string map in new[] { "with_values", "hash_with_values" })
            Assert.Equal(Filled(usual.Maps[map]), Filled(light.Maps[map]));
    }

    [Fact]
    public void Far_more_programs_than_a_jump_reaches_are_loaded()
    {
        Requires.RealProcessor();
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("hook_socket.bpf.o"));
        for (int i = 0; i < 1000; i++) file.AddCopy(file.Programs[0], $"copy_{i}");
        BpfLightFile light = BpfLightFile.Create(file);
        Assert.True(light.Instructions.Length / BpfInstruction.Size > short.MaxValue);
        using BpfObject loaded = light.Load();
        Assert.Equal(light.Programs.Count, loaded.Programs.Count);
        Assert.Equal(loaded.Programs[0].Tag, loaded.Programs["copy_999"].Tag);
    }

    [Fact]
    public void What_the_verifier_refuses_is_told_and_nothing_is_left()
    {
        var refusal = Assert.Throws<BpfVerifierException>(() => Load("bad_null.bpf.o"));
        Assert.Equal(("unchecked", BpfDiagnosticId.PointerMayBeNull), (refusal.ProgramName, refusal.Id));
        var missing = Assert.Throws<BpfVerifierException>(() => Load("bad_core.bpf.o"));
        Assert.Equal(BpfDiagnosticId.CoReTargetMissing, missing.Id);
    }

    [Fact]
    public void A_map_that_is_refused_is_named_and_nothing_is_left()
    {
        BpfLightFile light = BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o")));
        light.Maps["hash"].MaxEntries = uint.MaxValue;
        var refusal = Assert.Throws<BpfException>(() => light.Load());
        Assert.Equal((BpfCommand.MapCreate, "map 'hash'"), (refusal.Command, refusal.ObjectName));
    }

    [Fact]
    public void What_the_kernel_lacks_is_named()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("bad_target.bpf.o"));
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == "no_tracepoint";
        var target = Assert.Throws<BpfException>(() => BpfLightFile.Create(file).Load());
        Assert.Equal((BpfDiagnosticId.NoAttachTarget, "program 'no_tracepoint'"), (target.Id, target.ObjectName));
        Assert.Contains("btf_trace_bpf_loader_missing_tracepoint", target.Message, StringComparison.Ordinal);

        Requires.Function("bpf_kallsyms_lookup_name", "a look for addresses by programs (Linux 5.16)");
        var symbol = Assert.Throws<BpfNotSupportedException>(() => Load("bad_ksym.bpf.o"));
        Assert.Contains("bpf_loader_missing_symbol", symbol.Message, StringComparison.Ordinal);
    }

    private static BpfObject Load(string name) => BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf(name))).Load();

    private static string Describe(BpfMap map) => $"{map.Name}: {map.Type}, {map.KeySize} -> {map.ValueSize}, {map.MaxEntries}, {map.Flags}";

    // References to maps are numbers of maps in the kernel's copy of the code: they go by their names here.
    private static string[] CodeOf(BpfProgram program, BpfObject from)
    {
        Dictionary<int, string> names = from.Maps.ToDictionary(map => (int)map.Id, map => map.Name);
        BpfInstruction[] code = program.GetCode().Instructions.ToArray();
        return [.. code.Select(instruction => instruction is { IsLoadImmediate64: true, Source: BpfPseudo.MapDescriptor or BpfPseudo.MapValue }
            ? $"{instruction.Destination} = {instruction.Source} of {names[instruction.Immediate]}"
            : $"{instruction.Code:x2} {instruction.Destination} {instruction.Source} {instruction.Offset} {instruction.Immediate}")];
    }

    private static uint[] Filled(BpfMap map) =>
        [.. Enumerable.Range(0, (int)map.MaxEntries).Select(index => (uint)index).Where(index => map.TryGet(BitConverter.GetBytes(index), new byte[map.ValueBufferSize]))];
}

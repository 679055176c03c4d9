using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Symbols;
using Xunit;

namespace Bpf.Loader.KernelTests.Symbols;

[AnyKernel]
public sealed class SymbolizerTests : KernelTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("symbols-").FullName;
    private readonly Symbolizer _symbolizer = new();

    [Fact]
    public void Functions_of_another_process_have_names()
    {
        using Target target = Target.Start(NativeShims.UprobeTarget);
        ulong address = target.AddressOf("uprobe-target", "uprobe_target_static");
        Symbol symbol = _symbolizer.Find(target.Id, address + 1);
        Assert.Equal(("uprobe_target_static", SymbolKind.Binary, 1ul, true), (symbol.Name, symbol.Kind, symbol.Offset, symbol.IsKnown));
        Assert.Equal(NativeShims.UprobeTarget, symbol.Module);
        Assert.Matches("^[0-9a-f]{40}$", symbol.BuildId);
        Assert.Equal("main", _symbolizer.Find(target.Id, target.AddressOf("uprobe-target", "main")).Name);
    }

    [Fact]
    public void Functions_of_libraries_have_the_names_by_which_programs_call_them()
    {
        nint library = NativeLibrary.Load("libc.so.6");
        Assert.Equal("read", _symbolizer.Find(Environment.ProcessId, (ulong)NativeLibrary.GetExport(library, "read")).Name);
        Assert.Equal("malloc", _symbolizer.Find(Environment.ProcessId, (ulong)NativeLibrary.GetExport(library, "malloc")).Name);
    }

    [Fact]
    public void Functions_of_the_kernel_have_names()
    {
        string[] line = File.ReadLines("/proc/kallsyms").Select(text => text.Split(' ', '\t')).First(words => words[2] == "vfs_read");
        ulong address = Hex(line[0]);
        Assert.Equal(new Symbol("vfs_read", "[kernel]", SymbolKind.Kernel, 5), _symbolizer.FindKernel(address + 5));
        Symbol none = _symbolizer.FindKernel(0x10);
        Assert.Equal((false, "[kernel]"), (none.IsKnown, none.Name));
    }

    [Fact]
    public void Bpf_programs_have_names_and_new_ones_too()
    {
        using var symbolizer = new Symbolizer(new SymbolizerOptions { RefreshInterval = TimeSpan.Zero });
        Assert.False(symbolizer.FindKernel(0x10).IsKnown);
        using BpfObject bpf = BpfObjectFile.Open(Path.Combine(Bpf.Loader.Tests.TestData.Root, "execsnoop.bpf.o")).Load();
        string[]? line = File.ReadLines("/proc/kallsyms").Select(text => text.Split(' ', '\t')).LastOrDefault(words => words is [_, _, _, "[bpf]"] && words[2].StartsWith("bpf_prog_", StringComparison.Ordinal));
        Assert.SkipWhen(line is null, "this kernel compiles no BPF programs (net.core.bpf_jit_enable, bpf_jit_kallsyms)");
        Symbol symbol = symbolizer.FindKernel(Hex(line[0]));
        Assert.Equal((line[2], SymbolKind.BpfProgram), (symbol.Name, symbol.Kind));
        // Behind its end there is nothing, or another.
        Assert.NotEqual(line[2], symbolizer.FindKernel(Hex(line[0]) + 0x8000).Name);
    }

    [Fact]
    public void The_code_that_the_kernel_lends_has_names()
    {
        string line = File.ReadLines("/proc/self/maps").First(text => text.EndsWith("[vdso]", StringComparison.Ordinal));
        string[] range = line.Split(' ')[0].Split('-');
        ulong start = Hex(range[0]), end = Hex(range[1]);
        var names = new System.Collections.Generic.HashSet<string>();
        for (ulong address = start; address < end; address += 16)
        {
            Symbol symbol = _symbolizer.Find(Environment.ProcessId, address);
            Assert.Equal(SymbolKind.Vdso, symbol.Kind);
            if (symbol.IsKnown) names.Add(symbol.Name.Replace("__vdso_", "", StringComparison.Ordinal).Replace("__kernel_", "", StringComparison.Ordinal));
        }

        Assert.Contains("clock_gettime", names);
    }

    [Fact]
    public void A_stripped_program_has_the_names_that_it_offers_and_says_why_others_are_missing()
    {
        using Target target = Target.Start(NativeShims.StrippedUprobeTarget);
        ulong offered = Target.AddressOf(target.Id, "uprobe-target", "uprobe_target_add", NativeShims.UprobeTarget);
        ulong hidden = Target.AddressOf(target.Id, "uprobe-target", "uprobe_target_static", NativeShims.UprobeTarget);
        Assert.Equal("uprobe_target_add", _symbolizer.Find(target.Id, offered).Name);
        Symbol symbol = _symbolizer.Find(target.Id, hidden);
        Assert.Equal(("[uprobe-target-stripped]", false), (symbol.Name, symbol.IsKnown));
        Assert.Contains("stripped", symbol.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_files_are_found_in_the_root_of_the_process_by_build_id()
    {
        string buildId = PrepareRoot(NativeShims.StaticUprobeTarget);
        string debug = Path.Combine(_folder, $"usr/lib/debug/.build-id/{buildId[..2]}/{buildId[2..]}.debug");
        Directory.CreateDirectory(Path.GetDirectoryName(debug)!);
        File.Move(Path.Combine(_folder, "target.debug"), debug);
        AssertStaticFunction(isKnown: true);
    }

    [Fact]
    public void Debug_files_of_another_build_are_not_taken()
    {
        string buildId = PrepareRoot(NativeShims.StaticUprobeTarget);
        string debug = Path.Combine(_folder, $"usr/lib/debug/.build-id/{buildId[..2]}/{buildId[2..]}.debug");
        Directory.CreateDirectory(Path.GetDirectoryName(debug)!);
        File.Copy(NativeShims.UprobeTarget, debug);
        AssertStaticFunction(isKnown: false);
    }

    [Theory]
    [InlineData("target.debug", false, true)]
    [InlineData(".debug/target.debug", false, true)]
    [InlineData("usr/lib/debug/target.debug", false, true)]
    [InlineData(".debug/target.debug", true, false)] // its checksum is another
    public void Debug_files_are_found_by_name_and_checksum(string place, bool isDamaged, bool isKnown)
    {
        PrepareRoot(NativeShims.StaticUprobeTarget);
        Shell.Run($"objcopy --add-gnu-debuglink={_folder}/target.debug {_folder}/target");
        string debug = Path.Combine(_folder, place);
        Directory.CreateDirectory(Path.GetDirectoryName(debug)!);
        if (!File.Exists(debug)) File.Move(Path.Combine(_folder, "target.debug"), debug);
        if (isDamaged) File.AppendAllText(debug, "x");
        AssertStaticFunction(isKnown);
    }

    [Fact]
    public void What_was_deleted_or_replaced_is_named_as_it_is_mapped()
    {
        string program = Path.Combine(_folder, "program");
        File.Copy(NativeShims.UprobeTarget, program);
        using Target target = Target.Start(program);
        ulong address = target.AddressOf("program", "uprobe_target_static");
        File.Delete(program);
        File.Copy("/bin/sleep", program);
        Symbol symbol = _symbolizer.Find(target.Id, address);
        Assert.Equal(("uprobe_target_static", program), (symbol.Name, symbol.Module));
    }

    [Fact]
    public void A_process_that_was_captured_has_names_when_it_has_ended_and_others_say_so()
    {
        int id;
        ulong address;
        using (Target target = Target.Start(NativeShims.UprobeTarget))
        {
            id = target.Id;
            address = target.AddressOf("uprobe-target", "main");
            Assert.True(_symbolizer.Capture(id));
        }

        Assert.Equal("main", _symbolizer.Find(id, address).Name);
        using var other = new Symbolizer();
        Symbol unknown = other.Find(id, address);
        Assert.Equal(("[unknown]", false), (unknown.Name, unknown.IsKnown));
        Assert.Contains("has ended", unknown.Problem, StringComparison.Ordinal);
        Assert.False(other.Capture(id));
    }

    [Fact]
    public void Another_process_that_has_the_number_now_is_not_taken_for_it()
    {
        using Target target = Target.Start(NativeShims.UprobeTarget);
        ulong address = target.AddressOf("uprobe-target", "main");
        ulong began = ulong.Parse(File.ReadAllText($"/proc/{target.Id}/stat").Split(") ")[1].Split(' ')[19], CultureInfo.InvariantCulture) * 10_000_000;
        Assert.Equal("main", _symbolizer.Find(target.Id, address, began + 5_000_000).Name);
        Symbol other = _symbolizer.Find(target.Id, address, began - 1_000_000_000);
        Assert.False(other.IsKnown);
        Assert.Contains("another has its number", other.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_runs_another_program_has_the_names_of_both()
    {
        using var symbolizer = new Symbolizer(new SymbolizerOptions { RefreshInterval = TimeSpan.Zero });
        File.Copy(NativeShims.UprobeTarget, Path.Combine(_folder, "first"));
        using Target shell = Target.Start("sh", "-c", $"echo started; read first; read second; echo again; exec {NativeShims.LinkedUprobeTarget}");
        ulong before = Target.AddressOf(shell.Id, "libc.so", "read", "libc.so.6");
        Assert.True(symbolizer.Capture(shell.Id));
        shell.Ask(); // ends the second read
        shell.Ask(); // is answered by the other program
        ulong after = Target.AddressOf(shell.Id, "libuprobe-target", "uprobe_target_static", NativeShims.UprobeLibrary);
        Assert.Equal("uprobe_target_static", symbolizer.Find(shell.Id, after).Name);
        Assert.Equal("read", symbolizer.Find(shell.Id, before).Name);
    }

    [Fact]
    public void Libraries_that_are_loaded_later_are_seen_at_once()
    {
        using var symbolizer = new Symbolizer(new SymbolizerOptions { RefreshInterval = TimeSpan.FromHours(1) });
        Assert.True(symbolizer.Capture(Environment.ProcessId));
        string copy = Path.Combine(_folder, "later.so");
        File.Copy(NativeShims.UprobeLibrary, copy);
        nint library = NativeLibrary.Load(copy);
        Assert.Equal("uprobe_target_add", symbolizer.Find(Environment.ProcessId, (ulong)NativeLibrary.GetExport(library, "uprobe_target_add")).Name);
        NativeLibrary.Free(library);
    }

    [Fact]
    public void Methods_of_a_runtime_in_a_container_have_names_by_its_own_number_and_root()
    {
        File.Copy(NativeShims.StaticUprobeTarget, Path.Combine(_folder, "target"));
        Directory.CreateDirectory(Path.Combine(_folder, "tmp"));
        using Target outer = Target.Start("unshare", "--fork", "--pid", "chroot", _folder, "/target");
        int inner = int.Parse(File.ReadAllText($"/proc/{outer.Id}/task/{outer.Id}/children").Trim(), CultureInfo.InvariantCulture);
        using var symbolizer = new Symbolizer(new SymbolizerOptions { RefreshInterval = TimeSpan.Zero });
        Symbol missing = symbolizer.Find(inner, 0x1000);
        Assert.Equal("[unknown]", missing.Name);
        File.WriteAllText(Path.Combine(_folder, "tmp/perf-1.map"), "1000 100 void Worker.Run()\n");
        Symbol symbol = symbolizer.Find(inner, 0x1010);
        Assert.Equal(("void Worker.Run()", SymbolKind.JustInTime, 0x10ul), (symbol.Name, symbol.Kind, symbol.Offset));
        // What is added later is read later.
        File.AppendAllText(Path.Combine(_folder, "tmp/perf-1.map"), "2000 100 void Worker.Stop()\n30");
        Assert.Equal("void Worker.Stop()", symbolizer.Find(inner, 0x2010).Name);
    }

    [Fact]
    public void A_file_of_methods_that_somebody_else_or_a_pipe_gives_is_not_read()
    {
        string path = $"/tmp/perf-{Environment.ProcessId}.map";
        File.WriteAllText(path, "1000 100 lie\n");
        Shell.Run($"chown 65534 {path}");
        Assert.False(_symbolizer.Find(Environment.ProcessId, 0x1010).IsKnown);
        File.Delete(path);
        Shell.Run($"mkfifo {path}");
        using var symbolizer = new Symbolizer();
        Assert.False(symbolizer.Find(Environment.ProcessId, 0x1010).IsKnown);
        File.Delete(path);
    }

    [Fact]
    public void Frames_by_build_id_are_named_of_what_was_added_and_of_what_runs()
    {
        using BpfBinary binary = BpfBinary.Open(NativeShims.UprobeTarget);
        ulong offset = binary.Functions.First(function => function.Name == "uprobe_target_static").Offset;
        BpfStackBuildId frame = Frame(binary.BuildId.Span, offset + 2);
        Symbol missing = _symbolizer.Find(frame);
        Assert.False(missing.IsKnown);
        Assert.Equal(Convert.ToHexStringLower(binary.BuildId.Span), _symbolizer.AddBinary(NativeShims.UprobeTarget));
        Assert.Equal(("uprobe_target_static", 2ul), (_symbolizer.Find(frame).Name, _symbolizer.Find(frame).Offset));

        using Target target = Target.Start(NativeShims.UprobeTarget);
        using var other = new Symbolizer();
        Assert.Equal("uprobe_target_static", other.Find(frame).Name);
        Assert.False(other.Find(default(BpfStackBuildId)).IsKnown);
    }

    [Fact]
    public void The_cache_keeps_no_more_than_it_may()
    {
        using var symbolizer = new Symbolizer(new SymbolizerOptions { MaxCacheBytes = 1 });
        using Target target = Target.Start(NativeShims.LinkedUprobeTarget);
        ulong own = Target.AddressOf(target.Id, "uprobe-target-linked", "main", NativeShims.LinkedUprobeTarget);
        ulong library = Target.AddressOf(target.Id, "libuprobe-target", "uprobe_target_add", NativeShims.UprobeLibrary);
        long most = 0;
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("main", symbolizer.Find(target.Id, own).Name);
            most = Math.Max(most, symbolizer.CacheBytes);
            Assert.Equal("uprobe_target_add", symbolizer.Find(target.Id, library).Name);
            most = Math.Max(most, symbolizer.CacheBytes);
        }

        using var both = new Symbolizer();
        both.Find(target.Id, own);
        both.Find(target.Id, library);
        Assert.True(most < both.CacheBytes, $"{most} of {both.CacheBytes}");
    }

    [Fact]
    public void Several_threads_may_ask()
    {
        using Target target = Target.Start(NativeShims.UprobeTarget);
        ulong address = target.AddressOf("uprobe-target", "main");
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 1000; i++) Assert.Equal("main", _symbolizer.Find(target.Id, address).Name);
        })).ToArray();
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
    }

    protected override void Dispose(bool disposing)
    {
        _symbolizer.Dispose();
        Directory.Delete(_folder, recursive: true);
        base.Dispose(disposing);
    }

    // A root with a stripped program, and its debug file beside it; the result is its build id.
    private string PrepareRoot(string program)
    {
        Shell.Run($"objcopy --only-keep-debug {program} {_folder}/target.debug");
        Shell.Run($"strip -o {_folder}/target {program}");
        using BpfBinary binary = BpfBinary.Open(program);
        return Convert.ToHexStringLower(binary.BuildId.Span);
    }

    private void AssertStaticFunction(bool isKnown)
    {
        using Target target = Target.Start("chroot", _folder, "/target");
        ulong address = Target.AddressOf(target.Id, "/target", "uprobe_target_static", NativeShims.StaticUprobeTarget);
        Symbol symbol = _symbolizer.Find(target.Id, address);
        Assert.Equal((isKnown, isKnown ? "uprobe_target_static" : "[target]"), (symbol.IsKnown, symbol.Name));
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static BpfStackBuildId Frame(ReadOnlySpan<byte> buildId, ulong offset)
    {
        byte[] bytes = new byte[32];
        bytes[0] = 1; // BPF_STACK_BUILD_ID_VALID
        buildId.CopyTo(bytes.AsSpan(4));
        BitConverter.TryWriteBytes(bytes.AsSpan(24), offset);
        return MemoryMarshal.Read<BpfStackBuildId>(bytes);
    }
}

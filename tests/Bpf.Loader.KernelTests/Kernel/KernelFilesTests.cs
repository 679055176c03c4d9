using System;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

public sealed class KernelFilesTests
{
    [Fact]
    public void Version_is_that_of_uname()
    {
        string release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        Assert.Equal(release, KernelVersion.Release);
        string text = KernelVersion.Current.ToString();
        Assert.StartsWith(Regex.Match(release, @"^\d+\.\d+").Value + ".", text + ".", StringComparison.Ordinal); // the third part may be missing
    }

    [Fact]
    public void Possible_cpus_are_those_that_per_cpu_maps_have_values_for()
    {
        Assert.True(PossibleCpus.Count >= PossibleCpus.ReadOnline().Length);
        var request = new MapCreateRequest { Type = BpfMapType.PerCpuArray, KeySize = 4, ValueSize = 8, MaxEntries = 1 };
        using FileDescriptorHandle map = BpfSyscall.MapCreate(request, out Errno errno)!;
        Assert.Equal(Errno.None, errno);

        // The kernel writes a value for each possible CPU, and nothing behind.
        ulong[] values = new ulong[PossibleCpus.Count + 1];
        Array.Fill(values, ulong.MaxValue);
        uint key = 0;
        errno = BpfSyscall.MapLookup(
            map,
            in System.Runtime.CompilerServices.Unsafe.As<uint, byte>(ref key),
            ref System.Runtime.CompilerServices.Unsafe.As<ulong, byte>(ref values[0]),
            0);
        Assert.Equal(Errno.None, errno);
        Assert.All(values[..^1], v => Assert.Equal(0u, v));
        Assert.Equal(ulong.MaxValue, values[^1]);
    }

    [Fact]
    public void Symbols_are_those_that_a_plain_search_finds()
    {
        string[] names = ["_text", "bpf_prog_load", "init_task", "no_such_symbol_at_all"];
        KernelSymbols symbols = KernelSymbols.Find(names);
        Assert.False(symbols.AreAddressesHidden);
        ILookup<string, ulong> plain = File.ReadLines("/proc/kallsyms")
            .Select(line => line.Split([' ', '\t']))
            .Where(words => names.Contains(words[2]))
            .ToLookup(words => words[2], words => ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        foreach (string name in names)
        {
            Assert.Equal(plain[name].Any(), symbols.TryGet(name, out KernelSymbolMatch match));
            if (plain[name].Any())
                Assert.Equal(plain[name].First(), match.Address);
            Assert.Equal(plain[name].Distinct().Count() > 1, match.IsAmbiguous);
        }
    }

    [Fact]
    public void Configuration_is_that_of_the_file()
    {
        string boot = $"/boot/config-{KernelVersion.Release}";
        if (!File.Exists("/proc/config.gz") && !File.Exists(boot))
        {
            // A kernel that has the file in itself must show it; for another the distribution's file is missing here.
            Assert.False(Requires.Has("ikconfig_read_current"));
            Assert.Skip("the kernel is built without CONFIG_IKCONFIG_PROC, and has no file in /boot");
        }

        KernelConfig config = KernelConfig.Read(["CONFIG_BPF_SYSCALL", "CONFIG_HZ", "CONFIG_NO_SUCH_OPTION"], text: null);
        Assert.True(config.TryGet("CONFIG_BPF_SYSCALL", out string? bpf));
        Assert.Equal("y", bpf);
        Assert.False(config.TryGet("CONFIG_NO_SUCH_OPTION", out _));

        using Stream file = File.Exists(boot)
            ? File.OpenRead(boot)
            : new GZipStream(File.OpenRead("/proc/config.gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        string expected = reader.ReadToEnd().Split('\n').Single(l => l.StartsWith("CONFIG_HZ=", StringComparison.Ordinal));
        Assert.True(config.TryGet("CONFIG_HZ", out string? hz));
        Assert.Equal(expected, "CONFIG_HZ=" + hz);
    }

    [Fact]
    public void Vmlinux_types_are_shared_and_released()
    {
        BtfReader first = KernelBtf.Vmlinux;
        Assert.Same(first, KernelBtf.Vmlinux);
        Assert.True(first.TryFind("task_struct", BtfKind.Struct, out BtfTypeId id));
        KernelBtf.Release();
        BtfReader second = KernelBtf.Vmlinux;
        Assert.NotSame(first, second);

        // What was handed out stays valid.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("task_struct", first[id].Name);
        Assert.Equal(first.TypeCount, second.TypeCount);
        Assert.True(File.ReadAllBytes("/sys/kernel/btf/vmlinux").AsSpan().SequenceEqual(second.Raw.Span));
    }

    [Fact]
    public void Modules_are_those_that_the_kernel_shows_as_files()
    {
        string[] files = Directory.GetFiles("/sys/kernel/btf").Select(f => Path.GetFileName(f)!).Where(f => f != "vmlinux").ToArray();
        Assert.Equal(files.Order(StringComparer.Ordinal), KernelBtf.Modules.Select(m => m.Name).Order(StringComparer.Ordinal));
        foreach (KernelModuleBtf module in KernelBtf.Modules)
        {
            Assert.NotNull(module.Handle);
            Assert.NotEqual(0u, module.Id);
            Assert.Same(KernelBtf.Vmlinux, module.Types.Base);
            Assert.Equal(File.ReadAllBytes("/sys/kernel/btf/" + module.Name), module.Types.Raw.ToArray());
        }

        // The same objects as long as the modules stay.
        Assert.Equal(KernelBtf.Modules, KernelBtf.Modules);
    }

    [Fact]
    public void Tracepoint_ids_are_those_that_perf_events_take()
    {
        uint id = TraceFs.Current.ReadEventId("sched", "sched_switch");
        var attribute = new PerfEventAttr { Type = PerfEvent.TypeTracepoint, Config = id };
        using FileDescriptorHandle? perfEvent = PerfEvent.Open(ref attribute, pid: -1, cpu: 0, out Errno errno);
        Assert.Equal(Errno.None, errno);
        Assert.Equal(Errno.None, PerfEvent.Enable(perfEvent!));
        Assert.Equal(Errno.None, PerfEvent.Disable(perfEvent!));
        Assert.Contains("sched", TraceFs.Current.ListCategories());
        Assert.Contains("sched_switch", TraceFs.Current.ListEvents("sched"));
    }

    [Theory]
    [InlineData("sched", "sched_swich", "'sched/sched_switch'")]
    [InlineData("schedule", "sched_switch", "'sched/sched_switch'")]
    [InlineData("shced", "sched_no_such_event", "'sched/...'")]
    [InlineData("qqqqqqqq", "zzzzzzzz", "no tracepoints of the category")]
    [InlineData("..", "sched", "slash")]
    [InlineData("sched", "../sched/sched_switch", "slash")]
    [InlineData("", "", "slash")]
    public void Missing_tracepoint_is_told_with_its_neighbour(string category, string name, string hint)
    {
        BpfException exception = Assert.Throws<BpfException>(() => TraceFs.Current.ReadEventId(category, name));
        Assert.Equal(Errno.ENOENT, exception.Errno);
        Assert.Contains(hint, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracing_files_are_mounted_nowhere_by_us()
    {
        _ = TraceFs.Current;
        if (TraceFs.Current.MountPath is null)
            Assert.DoesNotContain("tracefs", File.ReadAllText("/proc/self/mounts"), StringComparison.Ordinal);
        else
            Assert.Contains(TraceFs.Current.MountPath, File.ReadAllText("/proc/self/mounts"), StringComparison.Ordinal);
    }

    [Fact]
    public void Uprobe_events_are_added_and_removed()
    {
        const string Events = "uprobe_events";
        string name = $"uprobes/bpf_loader_test_{Environment.ProcessId}";
        string binary = Environment.ProcessPath!;
        Errno errno = TraceFs.Current.TryAppend(Events, $"p:{name} {binary}:0x1000");
        if (errno == Errno.ENOENT)
            Requires.Function("create_or_delete_trace_uprobe", "CONFIG_UPROBE_EVENTS");
        Assert.Equal(Errno.None, errno);
        Assert.True(TraceFs.Current.ReadEventId("uprobes", name["uprobes/".Length..]) > 0);
        using (var reader = new StreamReader(TraceFs.Current.OpenRead(Events), Encoding.UTF8))
            Assert.Contains(name, reader.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(Errno.None, TraceFs.Current.TryAppend(Events, $"-:{name}"));
        Assert.DoesNotContain(name["uprobes/".Length..], TraceFs.Current.ListEvents("uprobes"));
    }

    [Fact]
    public void Limit_of_locked_memory_is_left_alone_where_memory_is_counted_by_cgroup()
    {
        Assert.SkipWhen(KernelVersion.Current.CompareTo(new KernelVersion(5, 11, 0)) < 0, "it came with Linux 5.11");
        Assert.True(KernelFeatures.Current.Supports(KernelFeature.MemoryCgroupAccounting));
        ulong before = MemoryLock.Limit;
        Assert.Equal(Errno.None, LockedMemory.RaiseOnce(KernelFeatures.Current));
        Assert.Equal(before, MemoryLock.Limit);
        Assert.Throws<InvalidOperationException>(() => LockedMemory.Wanted = 1);
    }
}

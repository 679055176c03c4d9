using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf top</c>.</summary>
[AnyKernel]
public sealed class TopTests : KernelTest
{
    private const string StatisticsPath = "/proc/sys/kernel/bpf_stats_enabled";

    [Fact]
    public void A_program_is_shown_with_its_runs_maps_and_links()
    {
        using BpfMap hash = NewMap(BpfMapType.Hash, "ports", 200), queue = NewMap(BpfMapType.Queue, "jobs", 10);
        using BpfMap trie = NewMap(BpfMapType.LpmTrie, "nets", 8);
        for (int i = 0; i < 50; i++) hash.Set(BitConverter.GetBytes(i), new byte[8]);
        for (int i = 0; i < 4; i++) queue.Set([], new byte[8]);
        trie.Set([8, 0, 0, 0, 10, 0, 0, 0], new byte[8]);
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint, code: numbers => new BpfAssembler()
            .LoadMapValue(R7, numbers, 0).Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 0, R1)
            .LoadMap(R1, hash).LoadMap(R1, queue).LoadMap(R1, trie).Return(0));
        using BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0);
        string before = File.ReadAllText(StatisticsPath);
        long first = program.Runs;
        JsonElement line = Assert.Single(Lines("top", "--once", "--interval", "300ms", "--json"), found => Number(found, "id") == program.Id);
        long ran = program.Runs - first;

        Assert.Equal(("raw_tracepoint", "attached"), (Text(line, "type"), Text(line, "name")));
        Assert.InRange(Number(line, "interval_run_cnt"), 1u, ran);
        Assert.InRange(line.GetProperty("interval_ns").GetInt64(), 300_000_000, long.MaxValue);
        double seconds = line.GetProperty("interval_ns").GetInt64() / 1e9;
        Assert.Equal(Number(line, "interval_run_cnt") / seconds, line.GetProperty("runs_per_second").GetDouble(), 0.01);
        Assert.Equal(100 * line.GetProperty("interval_run_time_ns").GetInt64() / 1e9 / seconds, line.GetProperty("cpu_percent").GetDouble(), 0.001);
        Assert.Equal(link.Id, Number(Assert.Single(line.GetProperty("links").EnumerateArray()), "id"));
        JsonElement[] maps = [.. line.GetProperty("maps").EnumerateArray()];
        Assert.Equal([("jobs", 10u), ("nets", 8u), ("numbers", 1u), ("ports", 200u)], maps.Select(map => (Text(map, "name")!, Number(map, "max_entries"))).Order());
        Assert.Equal(4u, Number(Assert.Single(maps, map => Text(map, "name") == "jobs"), "used"));
        if (Environment.OSVersion.Version >= new Version(6, 6)) Assert.Equal(50u, Number(Assert.Single(maps, map => Text(map, "name") == "ports"), "used"));
        Assert.Equal(1u, Number(Assert.Single(maps, map => Text(map, "name") == "nets"), "used"));
        Assert.False(Assert.Single(maps, map => Text(map, "name") == "numbers").TryGetProperty("used", out _));
        Assert.Equal(before, File.ReadAllText(StatisticsPath));

        string text = Good("top", "--once", "--interval", "50ms", "--sort", "id");
        Assert.Contains("jobs 40%", text, StringComparison.Ordinal);
        Assert.Contains("tp 'sys_enter'", text, StringComparison.Ordinal);
        uint[] ids = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..].Select(row => uint.Parse(row.TrimStart().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(ids.Order(), ids);
    }

    [Fact]
    public void What_nobody_reads_fills_a_ring()
    {
        using BpfObject bpf = BpfObjectFile.Open(TestData.PathOf("execsnoop.bpf.o")).Load();
        using BpfLinkCollection links = bpf.AttachAll();
        using (Process process = Process.Start("true")) process.WaitForExit();
        JsonElement line = Assert.Single(Lines("top", "--once", "--interval", "10ms", "--json"), found => Number(found, "id") == bpf.Programs["handle_exec"].Id);
        JsonElement ring = Assert.Single(line.GetProperty("maps").EnumerateArray(), map => Text(map, "type") == "ringbuf");
        Assert.InRange(Number(ring, "used"), 1u, Number(ring, "max_entries"));
    }

    // Whoever counted before goes on, and nobody else is made to.
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public void The_kernel_counts_no_longer_than_somebody_looks(string signal)
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        using BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0);
        Assert.SkipWhen(Counts(program), "somebody else lets the kernel count");
        using (Process tool = BpfTool.Start("top", "--interval", "50ms", "--json"))
        {
            string? line;
            do line = tool.StandardOutput.ReadLine();
            while (line is not null && !line.Contains($"{{\"id\":{program.Id},", StringComparison.Ordinal));
            Assert.NotNull(line);
            Assert.True(Counts(program));
            Shell.Run($"kill -{signal} {tool.Id}");
            tool.StandardOutput.ReadToEnd();
            tool.WaitForExit();
            if (signal != "KILL") Assert.Equal(0, tool.ExitCode);
        }

        Assert.False(Counts(program));
    }

    // Also where there are no programs, of which lines could be written.
    [Fact]
    public void It_ends_when_nobody_reads_it()
    {
        using Process tool = BpfTool.Start("top", "--interval", "50ms", "--json");
        tool.StandardOutput.Close();
        tool.WaitForExit();
        Assert.Equal((0, ""), (tool.ExitCode, tool.StandardError.ReadToEnd()));
    }

    [Theory]
    [InlineData("q")]
    [InlineData("\u0003")] // Ctrl-C
    public void A_terminal_is_painted_on_sorted_by_keys_and_left_as_it_was(string last)
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        using BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0);
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 120 rows 12; exec {BpfTool.Path} top --interval 50ms", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm";
        using Process terminal = Process.Start(start)!;
        try
        {
            Assert.Contains("\e[?1049h", ReadUntil(terminal, "cpu %*"), StringComparison.Ordinal);
            Press(terminal, "n");
            ReadUntil(terminal, "name*");
            Press(terminal, last);
            string painted = ReadUntil(terminal, "\e[?1049l");
            Assert.Contains("\e[?25h", painted, StringComparison.Ordinal);
            Assert.All(painted.Split('\n'), row => Assert.InRange(Visible(row), 0, 120));
            terminal.StandardInput.Close();
            terminal.StandardOutput.ReadToEnd();
            terminal.WaitForExit();
            Assert.Equal(0, terminal.ExitCode);
        }
        finally
        {
            if (!terminal.HasExited) terminal.Kill(entireProcessTree: true);
        }
    }

    // The picture in the documentation: what the command shows of some samples at work.
    [Fact]
    public void The_picture_shows_samples_at_work()
    {
        string path = Path.Combine(TestData.Repository, "docs/top.svg");
        if (Environment.GetEnvironmentVariable("BPF_SNAPSHOT_ACCEPT") == "1")
        {
            string[] samples = ["opensnoop/opensnoop", "runqlat/runqlat", "execsnoop/execsnoop"];
            var loaded = new List<IDisposable>();
            try
            {
                foreach (string sample in samples)
                {
                    BpfObject bpf = BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples", sample + ".bpf.o")).Load();
                    loaded.Add(bpf);
                    loaded.Add(bpf.AttachAll());
                }

                using var processes = new StartingProcesses();
                File.WriteAllText(path, TerminalPicture.Draw("bpf top", Good("top", "--once", "--interval", "2s")));
            }
            finally
            {
                loaded.Reverse();
                loaded.ForEach(static each => each.Dispose());
            }
        }

        // Its numbers were those of one moment; its columns are those of today.
        string titles = Good("top", "--once", "--interval", "1ms").Split('\n')[1];
        string picture = File.ReadAllText(path);
        Assert.All(titles.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), title => Assert.Contains(title, picture, StringComparison.Ordinal));
    }

    private static bool Counts(AttachedProgram program)
    {
        using BpfProgram opened = BpfProgram.OpenById(program.Id);
        (ulong counted, long ran) = (opened.GetInfo().RunCount, program.Runs);
        // Each reading is a system call by itself, which the program sees.
        while (program.Runs < ran + 100) File.Exists("/");
        return opened.GetInfo().RunCount != counted;
    }

    private static void Press(Process terminal, string key)
    {
        terminal.StandardInput.Write(key);
        terminal.StandardInput.Flush();
    }

    private static string ReadUntil(Process terminal, string what)
    {
        string text = "";
        char[] piece = new char[4096];
        while (!text.Contains(what, StringComparison.Ordinal))
        {
            int length = terminal.StandardOutput.Read(piece);
            Assert.True(length > 0, $"The terminal ended without '{what}': {text}");
            text += new string(piece, 0, length);
        }

        return text;
    }

    private static int Visible(string row) => System.Text.RegularExpressions.Regex.Replace(row, "\e\\[[0-9?]*[a-zA-Z]|\r|\e[=>]|\e\\(B", "").Length;

    private static BpfMap NewMap(BpfMapType type, string name, uint entries) => BpfMap.Create(new BpfMapCreateOptions
    {
        Type = type,
        Name = name,
        KeySize = type switch { BpfMapType.Queue => 0, BpfMapType.LpmTrie => 8, _ => 4 },
        ValueSize = 8,
        MaxEntries = entries,
        Flags = type == BpfMapType.LpmTrie ? BpfMapFlags.NoPrealloc : 0,
    });
}

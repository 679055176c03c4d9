using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Objects;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Tokens;

/// <summary>Objects are loaded in a user namespace with the rights of a token, by a process that has none outside of it.</summary>
public sealed class TokenTests : KernelTest
{
    private const int RingBufOutput = 130;

    // BTF, CO-RE, globals, ring buffers, configuration, kernel functions, struct_ops; types that need each of the three capabilities.
    private static readonly string[] Objects =
    [
        "execsnoop.bpf.o", "hook_raw_tp.bpf.o", "hook_cgroup.bpf.o", "hook_xdp.bpf.o", "extern_kconfig.bpf.o", "hook_struct_ops.bpf.o",
        "extern_kfuncs.bpf.o", "maps_ringbuf.bpf.o", "core_module.bpf.o", "data_globals.bpf.o",
    ];

    public TokenTests() => Assert.SkipUnless(KernelVersion.Current.CompareTo(new KernelVersion(6, 9, 0)) >= 0, "Linux 6.9 has the first tokens.");

    public static TheoryData<string, string[]> TooLittle => new()
    {
        { "delegate_maps=hash:array", ["maps of type ringbuf", "delegate_maps is 'hash:array'"] },
        { "delegate_attachs=trace_fentry", ["attach type 0", "cgroup_inet_ingress", "delegate_attachs is 'trace_fentry'"] },
        { "delegate_cmds=btf_load:prog_load", ["the command map_create", "delegate_cmds is 'prog_load:btf_load'"] },
    };

    [Fact]
    public void Objects_load_as_they_do_with_libbpf()
    {
        using TokenNamespace inside = TokenNamespace.WithEverything();
        // libbpf of 6.12 does not find the configuration of kernels from 7.0 on.
        string[] objects = [.. Objects.Where(name => name != "extern_kconfig.bpf.o" || KernelVersion.Current.CompareTo(new KernelVersion(7, 0, 0)) < 0)];
        BpfTool ours = inside.Run([BpfTool.Path, "verify", "--json", .. objects]);
        BpfTool reference = inside.Run([NativeShims.ReferenceLoader, .. objects]);
        Assert.Equal(Loads(reference), Loads(ours));
        Assert.Equal("ok", Loads(ours)["execsnoop.bpf.o"]);
        Assert.All(ours.Lines.Where(line => line.GetProperty("load").GetString() == "ok"), line => Assert.Contains(
            line.GetProperty("programs").EnumerateArray(), program => program.GetProperty("loaded").GetBoolean() && program.GetProperty("verified_insns").GetInt32() > 0));
    }

    [Fact]
    public void The_usual_place_is_tried_without_being_told()
    {
        using TokenNamespace inside = TokenNamespace.WithEverything();
        BpfTool tool = inside.RunAt("/sys/fs/bpf", null, BpfTool.Path, "verify", "--json", "execsnoop.bpf.o");
        Assert.Equal("ok", Loads(tool)["execsnoop.bpf.o"]);
    }

    [Fact]
    public void Without_a_token_the_message_says_how_to_get_one()
    {
        using TokenNamespace inside = TokenNamespace.WithEverything();
        BpfTool tool = inside.RunAt(inside.MountPoint, "", BpfTool.Path, "verify", "execsnoop.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("EPERM", tool.Output, StringComparison.Ordinal);
        Assert.All(["user namespace", "delegate_maps", "TokenPath", "LIBBPF_BPF_TOKEN_PATH"], word => Assert.Contains(word, OneLine(tool.Output), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TooLittle))]
    public void What_a_token_does_not_delegate_is_named(string option, string[] words)
    {
        using TokenNamespace inside = TokenNamespace.With(option);
        BpfTool tool = inside.Run(BpfTool.Path, "verify", "execsnoop.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        Assert.All(words, word => Assert.Contains(word, OneLine(tool.Output), StringComparison.Ordinal));
    }

    [Fact]
    public void A_mount_that_delegates_nothing_is_refused_by_name()
    {
        using var inside = new TokenNamespace();
        BpfTool tool = inside.Run(BpfTool.Path, "verify", "execsnoop.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains($"'{inside.MountPoint}'", tool.Output, StringComparison.Ordinal);
        Assert.Contains("It delegates nothing", tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_object_needs_is_enough()
    {
        // No BTF, and none of the programs that abilities of the kernel are tried with.
        using TokenNamespace inside = TokenNamespace.With(
            "delegate_cmds=map_create:prog_load", "delegate_maps=array:ringbuf", "delegate_progs=tracepoint", "delegate_attachs=cgroup_inet_ingress");
        BpfTool tool = inside.Run(BpfTool.Path, "verify", "--json", "execsnoop.bpf.o");
        Assert.Equal("ok", Loads(tool)["execsnoop.bpf.o"]);
    }

    [Fact]
    public async Task Events_are_streamed()
    {
        using TokenNamespace inside = TokenNamespace.WithEverything();
        string path = Path.Combine(Path.GetDirectoryName(inside.MountPoint)!, "marks.bpf.o");
        await File.WriteAllBytesAsync(path, Marks(), TestContext.Current.CancellationToken);
        using Process run = inside.Start(inside.MountPoint, inside.MountPoint, BpfTool.Path, "run", path, "--json");
        Task<string> errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        Task others = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) Shell.Run("true");
        });
        string? line = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        // Nobody reads any more: that ends it.
        run.StandardOutput.Close();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await others;
        Assert.True(line is not null, await errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2a00000000000000", line.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_system_that_gives_no_token_is_named_with_what_is_wrong()
    {
        BpfObjectFile file = TestObjects.Open("execsnoop");
        using (var bpffs = new TestFileSystem())
            Assert.Contains("initial user namespace", Refuse(bpffs.Path).Hint, StringComparison.Ordinal);
        Assert.Contains("of type bpf", Refuse(Path.GetTempPath()).Hint, StringComparison.Ordinal);
        Assert.Contains("mount point", Refuse("/nowhere").Hint, StringComparison.Ordinal);

        BpfException Refuse(string path)
        {
            BpfException refusal = Assert.Throws<BpfException>(() => file.Load(new BpfLoadOptions { TokenPath = path }));
            Assert.Contains($"'{path}'", refusal.Message, StringComparison.Ordinal);
            return refusal;
        }
    }

    private static Dictionary<string, string?> Loads(BpfTool tool)
    {
        Assert.True(tool.Lines.Count > 0, tool.Error);
        return tool.Lines.ToDictionary(line => line.GetProperty("file").GetString()!, line => line.GetProperty("load").GetString());
    }

    /// <summary>An object whose program writes 42 into a ring buffer for each program that is executed; no BTF.</summary>
    private static byte[] Marks()
    {
        var file = new ObjectBuilder();
        int maps = file.AddData("maps", [27, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0]);
        int ring = file.AddVariable("marks", maps, 0, 20);
        BpfInstruction[] code = new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 42)
            .LoadImmediate64(R1, 0).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 8).Move(R4, 0).CallHelper(RingBufOutput)
            .Return(0).ToArray();
        int section = file.AddCode("raw_tp/sched_process_exec", code);
        file.AddFunction("mark", section, 0, code.Length);
        file.Relocate(section, 8, ring);
        file.AddData("license", [.. "GPL\0"u8]);
        return file.Image;
    }

    // What is told is broken into lines for people.
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

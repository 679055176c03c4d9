using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Targets;
using Bpf.Loader.Links.Usdt;
using Bpf.Loader.Objects;
using Bpf.Tool.Commands;
using Bpf.Tool.Compilation;
using Bpf.Tool.Output;
using Bpf.Tool.Skeletons;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Texts that users and other people's binaries give.</summary>
internal static class UserTexts
{
    private delegate bool SectionParser<T>(string section, out T target);

    public static IEnumerable<FuzzTarget> Targets { get; } =
    [
        new TextTarget(
            "sections",
            [
                "kprobe/vfs_read", "kprobe/vfs_read+0x10", "kretprobe/do_exit", "kprobe.multi/vfs_*", "kprobe.session/vfs_read", "ksyscall/openat", "uprobe//usr/lib/libc.so.6:malloc+16",
                "uprobe/libc.so.6:malloc@GLIBC_2.2.5", "uretprobe/bash:readline", "uprobe.multi/libssl:SSL_*", "usdt/libc.so.6:libc:setjmp", "uprobe//a.apk!/lib/x.so:f", "tracepoint/sched/sched_switch",
                "tp/syscalls/sys_enter_openat", "raw_tracepoint/sched_switch", "raw_tp.w/x", "fentry/vfs_read", "fentry.s/nf_tables:nft_do_chain", "fexit/x", "fmod_ret/y", "lsm/file_open", "lsm_cgroup/z",
                "iter/task", "iter.s/bpf_map_elem", "tp_btf/task_newtask", "freplace/f", "struct_ops/x", "struct_ops.s/y", "xdp", "xdp.frags/devmap", "tc", "classifier/x", "cgroup_skb/ingress", "cgroup/connect4",
                "sk_skb/stream_parser", "sockops", "?kprobe/f", "perf_event", "netfilter", "syscall", "action", "sk_lookup/x", "flow_dissector", "2/1", "fentry.multi/vfs_*",
            ],
            Section),
        new TextTarget("usdt-arguments", ["8@%rdi -4@%eax 1@$5", "-4@-20(%rbp) 8@16(%rsp,%rax,8)", "8@symbol(%rip)", "8@x0 -4@[sp, 12] 8@[x1]", "-8@$-9223372036854775808 2@%ax 4@(%r8)", "8@%fs:40(%rax)", "8@-8(%rbp,%rax)", "4@5"], Arguments),
        new TextTarget("globs", ["vfs_*", "*", "?fs*read", "a*b*c*d", "[a-z]*"], Glob),
        new TextTarget("numbers", ["0", "-1", "0x7fffffff", "0777", "18446744073709551615", " 12", "+5", "0x"], Number),
        new TextTarget("durations", ["10s", "1.5m", "200ms", "2h", "5"], text => Oracle.Require(!DurationParser.TryParse(text, out TimeSpan time) || time > TimeSpan.Zero, "a duration of nothing")),
        new TextTarget("clang-output", ["probe.bpf.c:4:10: fatal error: 'vmlinux.h' file not found", "clang: error: unknown argument: '-x'", "a.c:1:2: warning: unused [-Wunused]", "In file included from a.c:1:"], ClangOutput),
        new TextTarget("dependencies", ["a.o: a.c b.h \\\n  c\\ d.h\n", "x.o: y.c", "a.o: $$x\\#.h\n\nb.h:\n"], text => Oracle.Require(DependencyFile.Parse(text).All(file => file.Length > 0), "a file without a name")),
        new TextTarget("names", ["exec_snoop", "task_struct___old", "class", "__u32", "Option<u8>x", "2d", "a.b.c", "http_request_total"], Names),
    ];

    private static void Section(string text)
    {
        BpfLoaderException? refusal = null;
        SectionDefinition? definition = SectionTable.Find(text);
        Oracle.Require(definition is null || definition.ToString().Length > 0, "a section without text");
        Try<KprobeTarget>(KprobeTarget.TryParse);
        Try<UprobeTarget>(UprobeTarget.TryParse);
        Try<UprobeTarget>(UprobeTarget.TryParsePattern);
        Try<UsdtTarget>(UsdtTarget.TryParse);
        Try<TracepointTarget>(TracepointTarget.TryParse);
        Try<string>(TracepointTarget.TryParseRaw);
        Try((string section, out string pattern) => PatternTarget.TryParse(section, allowModule: true, out pattern));
        Try((string section, out string pattern) => PatternTarget.TryParse(section, allowModule: false, out pattern));
        if (refusal is not null) throw refusal;

        void Try<T>(SectionParser<T> parse)
        {
            try
            {
                parse(text, out _);
            }
            catch (BpfLoaderException e)
            {
                Oracle.Require(e.Message.Length > 0, "an error without text");
                refusal = e;
            }
        }
    }

    private static void Arguments(string text)
    {
        var symbols = new UsdtSymbols(binary: null);
        foreach (ElfMachine machine in (ElfMachine[])[ElfMachine.X64, ElfMachine.Arm64, ElfMachine.RiscV, ElfMachine.S390, ElfMachine.Bpf])
        {
            foreach (bool isFixed in (bool[])[false, true])
            {
                IReadOnlyList<UsdtArgument> arguments = UsdtArguments.Parse(text, new UsdtPlace(machine, 0x401000, isFixed, symbols));
                Oracle.Require(arguments.Count <= UsdtArguments.Maximum && arguments.All(argument => argument.Size is 1 or 2 or 4 or 8), "an argument of no size");
            }
        }
    }

    private static void Glob(string text)
    {
        byte[] pattern = Encoding.UTF8.GetBytes(text);
        Oracle.Require(GlobPattern.IsMatch(pattern, "*"u8), "everything matches *");
        _ = GlobPattern.IsMatch("vfs_readv_writev_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"u8, pattern);
        Oracle.Require(GlobPattern.IsPattern(text) || GlobPattern.IsMatch(pattern, pattern), "a text that does not match itself");
    }

    private static void Number(string text)
    {
        bool isRead = CInteger.TryRead(text, out _, out int length);
        Oracle.Require(length <= text.Length && (isRead || length == 0), "a number longer than its text");
        if (CInteger.TryParse(text, out long value)) Oracle.Require(isRead && length == text.Length && CInteger.TryParseUnsigned(text, out ulong unsigned) && unsigned == (ulong)value, "a number that is two");
    }

    private static void ClangOutput(string text)
    {
        foreach (string line in text.Split('\n')) Oracle.Require(ClangDiagnostics.Rewrite(line, "source.bpf.c") is not null, "a line that is gone");
    }

    private static void Names(string text)
    {
        string name = CSharpNames.Pascal(text);
        Oracle.Require(CSharpNames.IsName(name, isNamespace: false), "a name of C# that is none");
        Oracle.Printable(CSharpNames.Literal(text), "a literal of C#");
        Oracle.Printable(CSharpNames.Xml(text), "a comment of C#");
        Oracle.Printable(Printable.Lines(text), "a text made printable");
        Oracle.Require(CloseNames.Of(text, ["vfs_read", "task_struct", text + "x"]).All(close => close.Length > 0), "a close name without text");
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Texts that the kernel and its file systems give, of which containers and other processes may have put in a part.</summary>
internal static class KernelTexts
{
    private const int ScratchSize = 64;

    public static IEnumerable<FuzzTarget> Targets { get; } =
    [
        new TextTarget("kallsyms", ["ffffffff81000000 T _text\nffffffff81000010 t do_one_initcall\nffffffffc0a01000 t nf_hook\t[nf_tables]\n0000000000000000 A fixed_percpu_data\n", "0 T _stext\n"], Symbols),
        new TextTarget(
            "kconfig",
            ["CONFIG_HZ=250\nCONFIG_BPF=y\nCONFIG_NF_TABLES=m\n# CONFIG_X is not set\nCONFIG_DEFAULT_HOSTNAME=\"(none)\"\nCONFIG_PAGE_OFFSET=0xffff888000000000\n", "CONFIG_HZ=1000", "CONFIG_BPF=\"y\"\n"],
            Configuration),
        new TextTarget("cpu-list", ["0-3", "0", "0-3,8-11", "0-127\n", "0,2,4,6-7"], text => Oracle.Require(CpuList.Parse(text, "possible").Length > 0, "a list of no CPUs")),
        new TextTarget("version", ["6.12.9-amd64", "5.10.0-30-generic", "Ubuntu 5.4.0-12.15-generic 5.4.8", "#1 SMP Debian 6.1.90-1 (2024-05-03)", "4.18.0"], Version),
        new TextTarget("fdinfo", ["pos:\t0\nflags:\t02000002\nmap_type:\t27\nkey_size:\t0\nvalue_size:\t0\nmax_entries:\t4096\nmap_flags:\t0x0\nmap_extra:\t0x0\nmemlock:\t16384\nmap_id:\t7\nfrozen:\t0\n"], Descriptor),
        new TextTarget(
            "process-maps",
            ["7f0000000000-7f0000001000 r-xp 00001000 08:01 1234      /usr/lib/libc.so.6", "7f0000000000-7f0000001000 r-xp 00001000 00:2a 99 /lib/x y.so (deleted)", "7ffe0-7fff0 rw-p 00000000 00:00 0 [stack]"],
            Mapping),
        new TextTarget("functions", ["ffffffff81000000 vfs_read\nffffffff81000010 nf_hook [nf_tables]\n", "vfs_read\nvfs_write\nnf_hook [nf_tables]\n"], Functions),
        new TextTarget("delegation", ["rw,delegate_cmds=map_create:prog_load,delegate_maps=any,delegate_progs=0x3,delegate_attachs=xdp", "rw,relatime"], Delegation),
        new TextTarget(
            "verifier-log",
            [
                "func#0 @0\n0: R1=ctx() R10=fp0\n; int x = *p; @ probe.bpf.c:42\n0: (79) r1 = *(u64 *)(r2 +0)\nR2 !read_ok\nprocessed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
                "Verification failed: invalid access\nReason:\n  R1 is a scalar\nAt:\n  insn 4\nCausal path:\n  1: r1 = 0\nSuggestion:\n  Check it first.\n",
                "reg type unsupported for arg#0 function foo#12\nCaller passes invalid args into func#1\ninvalid func unknown#195896080\n",
            ],
            Log),
    ];

    private static void Symbols(string text)
    {
        using var reader = new KernelSymbolReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "kallsyms");
        while (reader.TryRead(out KernelSymbol symbol)) Oracle.Require(!symbol.Name.Contains((byte)' '), "a symbol with a space in its name");
    }

    private static void Configuration(string text)
    {
        string[] wanted = ["CONFIG_HZ", "CONFIG_BPF", "CONFIG_NF_TABLES", "CONFIG_X", "CONFIG_DEFAULT_HOSTNAME", "CONFIG_PAGE_OFFSET"];
        KernelConfig config = KernelConfig.Parse(wanted, text);
        BpfFormatException? refusal = null;
        foreach (string name in wanted.Where(name => config.TryGet(name, out _)))
        {
            config.TryGet(name, out string? value);
            foreach (KernelConfigType type in Enum.GetValues<KernelConfigType>())
            {
                foreach (int size in (int[])(type switch { KernelConfigType.Integer => [1, 2, 4, 8], KernelConfigType.Tristate => [4], KernelConfigType.CharArray => [1, 7], _ => [1] }))
                {
                    try
                    {
                        var definition = new BpfExternDefinition(name, BpfExternKind.KernelConfig) { ConfigType = type, IsSigned = size > 2, Size = (uint)size };
                        KernelConfigWriter.Write(definition, value!, new byte[ScratchSize].AsSpan(0, size));
                    }
                    catch (BpfFormatException e)
                    {
                        refusal = e;
                    }
                }
            }
        }

        if (refusal is not null) throw refusal;
    }

    private static void Version(string text)
    {
        KernelVersion version = KernelVersion.Parse(text, text, text);
        Oracle.Require(version.ToString().Length > 0, "a version without text");
    }

    private static void Descriptor(string text)
    {
        string path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"fuzz-fdinfo-{Environment.ProcessId}"));
        File.WriteAllText(path, text);
        try
        {
            Oracle.Require(DescriptorInfo.Read(path) is not null, "a file that is there is not read");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Mapping(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (ProcessMaps.TryParse(line, out ProcessMapping mapping)) Oracle.Require(mapping.Path.Length > 0, "a mapping without a path");
        }
    }

    private static void Functions(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var addresses = new List<ulong>();
        FunctionList.ReadWithAddresses(new MemoryStream(bytes), "*"u8, addresses);
        Oracle.Require(!addresses.Contains(0), "a function at address 0");
        foreach (string name in FunctionList.ReadNames(new MemoryStream(bytes), "*_*"u8)) Oracle.Require(name.Contains('_', StringComparison.Ordinal), "a name that does not match its pattern");
    }

    private static void Delegation(string text)
    {
        TokenDelegation delegation = TokenDelegation.Parse(text);
        foreach (string kind in (string[])["delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs"])
        {
            for (ulong value = 0; value < 70; value += 23) _ = delegation.Includes(kind, value, "any_word");
            Oracle.Require(delegation.Describe(kind).Length > 0, "a kind without text");
        }
    }

    private static void Log(string text)
    {
        _ = VerifierLog.Summarize(text);
        List<string> lines = VerifierReport.Summarize(text, out int start);
        Oracle.Require((uint)start <= (uint)text.Length && lines.Count <= text.Split('\n').Length, "a report beyond its log");
    }
}

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Instructions;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.Features;

/// <summary><c>bpf feature</c>: what this kernel can do, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class FeatureCommand
{
    private static readonly string[] ConfigOptions =
    [
        "CONFIG_BPF", "CONFIG_BPF_SYSCALL", "CONFIG_HAVE_EBPF_JIT", "CONFIG_BPF_JIT", "CONFIG_BPF_JIT_ALWAYS_ON", "CONFIG_DEBUG_INFO_BTF",
        "CONFIG_DEBUG_INFO_BTF_MODULES", "CONFIG_CGROUPS", "CONFIG_CGROUP_BPF", "CONFIG_CGROUP_NET_CLASSID", "CONFIG_SOCK_CGROUP_DATA",
        "CONFIG_BPF_EVENTS", "CONFIG_KPROBE_EVENTS", "CONFIG_UPROBE_EVENTS", "CONFIG_TRACING", "CONFIG_FTRACE_SYSCALLS",
        "CONFIG_FUNCTION_ERROR_INJECTION", "CONFIG_BPF_KPROBE_OVERRIDE", "CONFIG_FPROBE", "CONFIG_BPF_LSM", "CONFIG_NET", "CONFIG_XDP_SOCKETS",
        "CONFIG_LWTUNNEL_BPF", "CONFIG_NET_ACT_BPF", "CONFIG_NET_CLS_BPF", "CONFIG_NET_CLS_ACT", "CONFIG_NET_SCH_INGRESS", "CONFIG_XFRM",
        "CONFIG_IP_ROUTE_CLASSID", "CONFIG_IPV6_SEG6_BPF", "CONFIG_BPF_LIRC_MODE2", "CONFIG_BPF_STREAM_PARSER", "CONFIG_NETFILTER_BPF_LINK",
        "CONFIG_NETFILTER_XT_MATCH_BPF", "CONFIG_BPFILTER", "CONFIG_TEST_BPF", "CONFIG_HZ",
    ];

    public static Command Create() => KernelCommand.Group(
        "feature", "Shows what this kernel can do, by trying.", Probe,
        KernelCommand.Create(
            "feature probe", "Probes the kernel.", "[kernel] [full], or one question: prog_type T | map_type T | attach_type T | helper T NAME | kfunc T NAME | fentry F | kprobe F | tracepoint CATEGORY NAME | config OPTION", Probe),
        KernelCommand.Create(
            "feature list_builtins", "Lists the words that this command knows.", "{ prog_types | map_types | attach_types | link_types | helpers }", ListBuiltins));

    private static void Probe(Words words, JsonLines? lines)
    {
        IEnumerable<FeatureRow> rows = FeatureQuestion.TryTake(words, out FeatureRow? answer) ? [answer!] : All(words);
        Table table = Screen.Table("", "of", "name", "");
        bool isDenied = false, isShort = false;
        foreach (FeatureRow row in rows)
        {
            isDenied |= row.Support == BpfSupport.NotPermitted && row.Kind != "config";
            isShort |= row.Support == BpfSupport.Unknown;
            if (lines is not null)
            {
                lines.Write(row, FeatureRow.Write);
                continue;
            }

            string mark = row.Support switch { BpfSupport.Yes => "[green]yes[/]", BpfSupport.No => "[red]no[/]", BpfSupport.NotPermitted => "[yellow]not permitted to know[/]", _ => "[yellow]unknown[/]" };
            table.AddRow(new Markup(mark), new Text(row.Kind), new Text(Printable.Text(row.Name)), new Text(Printable.Text(row.Value ?? "")));
        }

        if (lines is null) Screen.Write(table);
        if (isDenied) Console.Error.WriteLine($"bpf: not all could be asked: {BpfFeatures.ExplainNotPermitted()}");
        if (isShort) Console.Error.WriteLine("bpf: not all was answered: memory or descriptors ran short. Ask again.");
    }

    private static IEnumerable<FeatureRow> All(Words words)
    {
        words.TryTake("kernel");
        bool full = words.TryTake("full");
        words.End();
        foreach (string option in ConfigOptions) yield return new("config", option, BpfFeatures.ProbeConfig(option, out string? value), value);
        foreach (BpfFeature feature in Enum.GetValues<BpfFeature>()) yield return new("feature", feature.ToString(), BpfFeatures.Probe(feature));
        foreach (BpfProgramType type in Enum.GetValues<BpfProgramType>())
        {
            if (type != BpfProgramType.Unspecified) yield return new("prog_type", KernelNames.Of(type), BpfFeatures.Probe(type));
        }

        foreach (BpfMapType type in Enum.GetValues<BpfMapType>())
        {
            if (type != BpfMapType.Unspecified) yield return new("map_type", KernelNames.Of(type), BpfFeatures.Probe(type));
        }

        foreach (BpfAttachType type in Enum.GetValues<BpfAttachType>()) yield return new("attach_type", KernelNames.Of(type), BpfFeatures.Probe(type));
        if (!full) yield break;
        foreach (BpfProgramType type in Enum.GetValues<BpfProgramType>())
        {
            if (type is BpfProgramType.Unspecified or BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext or BpfProgramType.StructOps) continue;
            if (BpfFeatures.Probe(type) != BpfSupport.Yes) continue;
            for (int helper = 1; BpfHelper.GetName(helper) is string name; helper++)
                yield return new($"helper of {KernelNames.Of(type)}", name, BpfFeatures.ProbeHelper(type, helper));
        }
    }

    private static void ListBuiltins(Words words, JsonLines? lines)
    {
        string what = words.Take("what is to be listed");
        words.End();
        IEnumerable<string> names = what switch
        {
            "prog_types" => Array.ConvertAll(Enum.GetValues<BpfProgramType>()[1..], KernelNames.Of),
            "map_types" => Array.ConvertAll(Enum.GetValues<BpfMapType>()[1..], KernelNames.Of),
            "attach_types" => Array.ConvertAll(Enum.GetValues<BpfAttachType>(), KernelNames.Of),
            "link_types" => Array.ConvertAll(Enum.GetValues<BpfLinkType>()[1..], KernelNames.Of),
            "helpers" => Helpers(),
            _ => throw new UsageException($"'{what}' is not understood there; write prog_types, map_types, attach_types, link_types or helpers."),
        };
        foreach (string name in names)
        {
            if (lines is null)
            {
                Console.WriteLine(name);
                continue;
            }

            lines.Write(name, static (json, item) =>
            {
                json.WriteStartObject();
                json.WriteString("name", item);
                json.WriteEndObject();
            });
        }
    }

    private static IEnumerable<string> Helpers()
    {
        for (int helper = 1; BpfHelper.GetName(helper) is string name; helper++) yield return name;
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Contexts;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The page of what the machine has: it is made here, of the machine itself.</summary>
public sealed class MachinePageTests
{
    // Tail calls are the interpreter's own.
    private const string TailCall = "bpf_tail_call";

    private static readonly (Type Context, string Programs)[] Contexts =
    [
        (typeof(XdpContext), "`xdp`"),
        (typeof(SkBuffContext), "`tc`, `tcx`, `socket`, `cgroup_skb`, `lwt_*`, `flow_dissector`"),
        (typeof(CgroupSocketContext), "`cgroup/sock*`"),
        (typeof(SocketAddressContext), "`cgroup/connect4` and the like"),
        (typeof(CgroupSocketOptionContext), "`cgroup/getsockopt`, `cgroup/setsockopt`"),
        (typeof(CgroupDeviceContext), "`cgroup/dev`"),
        (typeof(SysctlContext), "`cgroup/sysctl`"),
        (typeof(SockOpsContext), "`sockops`"),
        (typeof(SkMsgContext), "`sk_msg`"),
        (typeof(SkLookupContext), "`sk_lookup`"),
        (typeof(ReusePortContext), "`sk_reuseport`"),
        (typeof(NetfilterContext), "`netfilter`"),
    ];

    private static readonly (string Context, string Programs, string What)[] OtherContexts =
    [
        ("TracepointContext", "`tracepoint`", "the fields of the event's format, from the kernel's types or given"),
        ("TracingContext", "`raw_tracepoint`, `tp_btf`, `fentry`, `fexit`, `fmod_ret`, `lsm`, `struct_ops`, `iter`", "the arguments, and what the function returned"),
        ("RegisterContext", "`kprobe`, `kretprobe`, `uprobe`, `uretprobe`, `usdt`", "`struct pt_regs` of x86-64 or arm64"),
        ("PerfEventContext", "`perf_event`", "registers, period and address of the sample"),
        ("BytesContext", "`syscall`, and any other", "a struct as it stands"),
    ];

    [Fact]
    public void The_page_is_made_of_what_the_machine_has()
    {
        string path = Path.Combine(TestData.Repository, "docs/machine.md"), page = MakePage();
        if (Environment.GetEnvironmentVariable("BPF_SNAPSHOT_ACCEPT") == "1") File.WriteAllText(path, page);
        Assert.Equal(page, File.ReadAllText(path));
    }

    [Fact]
    public void Helpers_have_the_numbers_of_the_kernels_types()
    {
        // enum bpf_func_id of Linux 6.12.
        BtfReader types = KernelTypes.Linux_6_12.Kernel;
        Assert.True(types.TryFind("bpf_func_id", BtfKind.Enum, out BtfTypeId id));
        Dictionary<string, int> numbers = [];
        foreach (BtfEnumerator each in types[id].Enumerators) numbers.Add(each.Name.Replace("BPF_FUNC_", "bpf_", StringComparison.Ordinal), (int)each.Value);
        foreach (HelperPrototype helper in Supported)
        {
            Assert.Equal(numbers[helper.Name], helper.Number);
            Assert.True(BpfHelper.TryGetNumber(helper.Name, out int number));
            Assert.Equal(helper.Number, number);
        }
    }

    [Fact]
    public void Helpers_look_at_the_arguments_that_they_have_and_no_others()
    {
        // What is in registers behind the last argument changes nothing.
        foreach (HelperPrototype helper in Supported)
        {
            if (helper.Name == TailCall || helper.IsVariadic) continue;
            string[] outcomes = [.. ((ulong[])[0, 1, 0x7fff_ffff_ffff_fff0]).Select(rest => HelperCall.Run(helper, rest)).Distinct()];
            Assert.True(outcomes.Length == 1, $"{helper.Name}({helper.Parameters}):\n{string.Join('\n', outcomes)}");
        }
    }

    [Fact]
    public void Helpers_refuse_numbers_where_pointers_are_due()
    {
        // The context is the one argument that many do not look at: there is only one.
        int refused = 0;
        foreach (HelperPrototype helper in Supported)
        {
            if (helper.Name == TailCall || !helper.List.Any(static parameter => parameter.Contains("void *", StringComparison.Ordinal))) continue;
            // A fault or an error, and never an accident of the machine itself.
            if (HelperCall.Run(helper, 0, withPointers: false) is { } outcome && (outcome.StartsWith("fault", StringComparison.Ordinal) || outcome.StartsWith('-'))) refused++;
        }

        Assert.True(refused > 40, $"only {refused} refuse");
    }

    private static IEnumerable<HelperPrototype> Supported
    {
        get
        {
            var machine = new BpfMachine();
            return [.. HelperPrototypes.All.Values.Where(each => each.Name == TailCall || machine.Helpers.Contains(each.Name)).OrderBy(static each => each.Name, StringComparer.Ordinal)];
        }
    }

    private static string MakePage()
    {
        HelperPrototype[] supported = [.. Supported];
        Assert.InRange(supported.Length, 150, BpfHelper.Count);
        var page = new StringBuilder("""
            # What the machine has

            This page is made by a test of what is there; [Test](test.md) says how it is used. What a program needs beyond it, a test supplies: `machine.Helpers["bpf_…"] = call => …`, `machine.KernelFunctions["…"] = call => …`.

            ## Contexts

            Members have their names in C: `context["mark"] = 7`. Those in bold may be written by programs; a program that touches anything else gets a fault.

            | context | structure | programs | members |
            |---|---|---|---|

            """);
        foreach ((Type context, string programs) in Contexts)
        {
            ContextLayout layout = LayoutOf(context);
            string members = string.Join(", ", layout.Fields.OrderBy(static field => field.Offset).Select(static field => field.IsWritable ? $"**`{field.Name}`**" : $"`{field.Name}`"));
            page.Append($"| `{context.Name}` | `{layout.Name}` | {programs} | {members} |\n");
        }

        page.Append("\n| context | programs | holds |\n|---|---|---|\n");
        foreach ((string context, string programs, string what) in OtherContexts) page.Append($"| `{context}` | {programs} | {what} |\n");
        page.Append($"\n## Helpers\n\n{supported.Length} of {BpfHelper.Count - 1}, held to the kernel by running the same programs in both.\n\n| helper | number | in C |\n|---|---|---|\n");
        foreach (HelperPrototype helper in supported) page.Append($"| `{helper.Name}` | {helper.Number} | `{Declare(helper)}` |\n");
        page.Append("\nNot there: ");
        page.AppendJoin(", ", HelperPrototypes.All.Keys.Except(supported.Select(static each => each.Name)).Order(StringComparer.Ordinal).Select(static name => $"`{name}`")).Append(".\n");
        page.Append("\n## Kernel functions\n\n");
        page.AppendJoin(", ", new BpfMachine().KernelFunctions.Names.Order(StringComparer.Ordinal).Select(static name => $"`{name}`")).Append(".\n");
        return page.ToString();
    }

    private static string Declare(HelperPrototype helper) => $"{helper.Result}{(helper.Result.EndsWith('*') ? "" : " ")}({helper.Parameters})".Replace("|", "\\|", StringComparison.Ordinal);

    private static ContextLayout LayoutOf(Type context) => (ContextLayout)context.GetFields(BindingFlags.Static | BindingFlags.NonPublic)
        .First(static field => field.FieldType == typeof(ContextLayout)).GetValue(null)!;
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Instructions;

public partial class VerifierLogTests
{
    // What objects need that not every kernel has; the others must load.
    private static readonly Dictionary<string, Action> Needs = new(StringComparer.Ordinal)
    {
        ["call_arg_tags.bpf.o"] = () => Version(6, 8),
        ["call_exception.bpf.o"] = () => Requires.Function("bpf_throw", "exceptions (Linux 6.7)"),
        ["extern_kfuncs.bpf.o"] = () => Requires.Function("bpf_task_acquire", "references to tasks (Linux 6.2)"),
        ["extern_kfuncs_tcp.bpf.o"] = () => Version(5, 13),
        ["extern_ksyms_typed.bpf.o"] = () => Assert.SkipUnless(
            KernelSymbols.Find(["runqueues"]).TryGet("runqueues", out _) && KernelBtf.Vmlinux.TryFind("runqueues", BtfKind.Variable, out _), "this kernel does not name its variables"),
        ["hook_cgroup_unix.bpf.o"] = () => Requires.Function("bpf_sock_addr_set_sun_path", "hooks of unix sockets (Linux 6.7)"),
        ["hook_lsm_cgroup.bpf.o"] = () => Version(6, 0),
        ["hook_netfilter.bpf.o"] = () => Requires.Function("bpf_nf_link_attach", "BPF in netfilter (Linux 6.4)"),
        ["hook_struct_ops_link.bpf.o"] = () => Requires.Function("bpf_struct_ops_link_create", "links of struct_ops (Linux 6.4)"),
        ["hook_uprobe_sleepable.bpf.o"] = () => Version(6, 0),
        ["insn_v4.bpf.o"] = () => Version(6, 6),
        ["linked_rules.bpf.o"] = () => Version(5, 13), // a callback
        ["maps_arena.bpf.o"] = () => Requires.Function("arena_map_alloc", "arenas (Linux 6.9)"),
        ["maps_bloom.bpf.o"] = Requires.BloomFilters,
        ["maps_cgrp_storage.bpf.o"] = () => Requires.Function("bpf_cgrp_storage_get", "storage of cgroups (Linux 6.2)"),
        ["maps_special.bpf.o"] = () => Requires.Function("bpf_timer_init", "timers (Linux 5.15)"),
        ["maps_storage.bpf.o"] = () => Requires.Function("bpf_task_storage_get", "storage of tasks (Linux 5.11)"),
        ["maps_user_ringbuf.bpf.o"] = () => Version(6, 1),
        ["odd_static_programs.bpf.o"] = () => Version(5, 13), // a callback
    };

    // All but those that load with another program, whose functions they replace, or whose sections say no type.
    public static TheoryData<string> Objects { get; } =
        [.. TestData.GoodObjects().Select(row => row.Data).Where(name => !name.Contains('/') && name is not ("hook_freplace.bpf.o" or "names_long.bpf.o"))];

    // What was relocated without the kernel and printed by us is what the kernel prints while it verifies.
    [Theory]
    [MemberData(nameof(Objects))]
    public void Relocated_programs_read_as_in_the_verifiers_log(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        foreach (BpfMapDefinition map in file.Maps)
            map.PinPath = null;
        foreach (BpfProgramDefinition program in file.Programs)
            program.AttachTarget = program.AttachTarget is { } target ? TracedFunction.Named(target) : null;

        // The objects for CO-RE have types of their own to be relocated against.
        BtfReader? types = name.StartsWith("core_", StringComparison.Ordinal) && name is not ("core_kernel.bpf.o" or "core_module.bpf.o")
            ? BtfReader.ReadRawOrElf(TestData.Read("btf/same.bpf.o"))
            : null;
        IReadOnlyList<BpfRelocatedProgram> relocated = file.Relocate(types is null ? null : new TargetTypes(types));
        if (Needs.TryGetValue(name, out Action? require)) require();
        // What is poisoned there is refused by rule.
        if (name == "core_size.bpf.o") file.Programs["sign_of_element"].AutoLoad = false;
        bool loadsAny = file.Programs.Any(program => program.AutoLoad);
        Requires.LeaveOutMissing(file);
        Assert.SkipWhen(loadsAny && !file.Programs.Any(program => program.AutoLoad), "this kernel is too old for its programs' types");
        KernelPolicy.LeaveOutForbidden(file);
        using BpfObject loaded = file.Load(new BpfLoadOptions { VerifierLogLevel = 2, TargetBtf = types });
        foreach (BpfRelocatedProgram program in relocated)
        {
            if (!loaded.VerifierLogs.TryGetValue(program.Definition.Name, out string? log))
                continue;
            Assert.True(Compare(program, log) > 0, log);
        }
    }

    private static void Version(int major, int minor) =>
        Assert.SkipWhen(KernelVersion.Current.CompareTo(new KernelVersion(major, minor, 0)) < 0, $"Linux {major}.{minor} is the first that takes it");

    private static int Compare(BpfRelocatedProgram program, string log)
    {
        ReadOnlySpan<BpfInstruction> code = program.Instructions.Span;
        int compared = 0;
        foreach (Match line in LogLine().Matches(log))
        {
            int index = int.Parse(line.Groups["index"].Value, CultureInfo.InvariantCulture);

            // By then, references are addresses.
            BpfInstruction instruction = code[index];
            if (instruction is { IsLoadImmediate64: true, Source: not 0 })
                continue;

            // The kernel knows the names of its own functions only.
            BpfReferenceNamer? namer = instruction is { IsCall: true, Source: BpfPseudo.KernelFunctionCall } ? program.NameReference : null;
            string text = line.Groups["text"].Value.TrimEnd();
            // Linux 7.3 knows before which way some branches go, and prints those that always do.
            bool isJump = (instruction.Code & 7) is BpfOpCode.Jump or BpfOpCode.Jump32;
            if (isJump && instruction.Code != BpfOpCode.Goto && (text == "(05) goto pc+0" || text == string.Create(CultureInfo.InvariantCulture, $"(05) goto pc{instruction.Offset:+0;-0}"))) continue;
            Assert.Equal(text, $"({instruction.Code:x2}) {BpfDisassembler.Format(code, index, namer)}");
            compared++;
        }

        return compared;
    }

    // "7: (bf) r0 = r1                       ; R0=3 R1=3"; Linux 7.3 says behind a tab or two slashes what it does to the stack.
    [GeneratedRegex(@"^(?<index>\d+): (?<text>\([0-9a-f]{2}\) [^;\t\n]*?)(?=\s//|[;\t\n]|\z)", RegexOptions.Multiline)]
    private static partial Regex LogLine();
}

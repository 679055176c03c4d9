using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
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
        ["extern_ksyms_typed.bpf.o"] = () => Assert.SkipUnless(KernelSymbols.Find(["runqueues"]).TryGet("runqueues", out _), "this kernel does not name its variables"),
        ["hook_cgroup_unix.bpf.o"] = () => Requires.Function("bpf_sock_addr_set_sun_path", "hooks of unix sockets (Linux 6.7)"),
        ["hook_fentry.bpf.o"] = Requires.Trampolines,
        ["hook_lsm.bpf.o"] = Requires.Trampolines,
        ["hook_lsm_cgroup.bpf.o"] = Requires.Trampolines,
        ["hook_netfilter.bpf.o"] = () => Requires.Function("bpf_nf_link_attach", "BPF in netfilter (Linux 6.4)"),
        ["hook_struct_ops_link.bpf.o"] = () => Requires.Function("bpf_struct_ops_link_create", "links of struct_ops (Linux 6.4)"),
        ["insn_v4.bpf.o"] = () => Version(6, 6),
        ["maps_arena.bpf.o"] = () => Requires.Function("arena_map_alloc", "arenas (Linux 6.9)"),
        ["maps_cgrp_storage.bpf.o"] = () => Requires.Function("bpf_cgrp_storage_get", "storage of cgroups (Linux 6.2)"),
    };

    // All but those that load with another program, whose functions they replace.
    public static TheoryData<string> Objects { get; } =
        [.. TestData.GoodObjects().Select(row => row.Data).Where(name => !name.Contains('/') && name != "hook_freplace.bpf.o")];

    // What was relocated without the kernel and printed by us is what the kernel prints while it verifies.
    [Theory]
    [MemberData(nameof(Objects))]
    public void Relocated_programs_read_as_in_the_verifiers_log(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        foreach (BpfMapDefinition map in file.Maps)
            map.PinPath = null;

        // The objects for CO-RE have types of their own to be relocated against.
        BtfReader? types = name.StartsWith("core_", StringComparison.Ordinal) && name is not ("core_kernel.bpf.o" or "core_module.bpf.o")
            ? BtfReader.ReadRawOrElf(TestData.Read("btf/same.bpf.o"))
            : null;
        IReadOnlyList<BpfRelocatedProgram> relocated = file.Relocate(types is null ? null : new TargetTypes(types));
        if (Needs.TryGetValue(name, out Action? require)) require();
        // What is poisoned there is refused by rule.
        if (name == "core_size.bpf.o") file.Programs["sign_of_element"].AutoLoad = false;
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
            Assert.Equal(line.Groups["text"].Value.TrimEnd(), $"({instruction.Code:x2}) {BpfDisassembler.Format(code, index, namer)}");
            compared++;
        }

        return compared;
    }

    // "7: (bf) r0 = r1                       ; R0=3 R1=3"
    [GeneratedRegex(@"^(?<index>\d+): (?<text>\([0-9a-f]{2}\) [^;\n]*)", RegexOptions.Multiline)]
    private static partial Regex LogLine();
}

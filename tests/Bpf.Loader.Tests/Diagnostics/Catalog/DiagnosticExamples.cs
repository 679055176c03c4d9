using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Bpf.Loader.Testing;
using Bpf.Loader.Tests.Diagnostics.Verifier;
using Bpf.Loader.Tests.Objects;
using Bpf.Loader.Tests.Relocation;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>Examples that need no kernel, and what is said of them.</summary>
internal static class DiagnosticExamples
{
    private const byte MoveImmediate = 0xb7, Copy = 0xbf, AddImmediate = 0x07;
    private const int FramePointer = 10, ProbeRead = 4, SpinUnlock = 94;

    private static readonly BpfInstruction Exit = new(BpfOpCode.Exit, 0, 0, 0, 0);

    // What no kernel of the recorded ones said of a program of ours: the words of others.
    private static readonly Dictionary<BpfDiagnosticId, string> Logs = new()
    {
        [BpfDiagnosticId.CodeUnreachable] = "unreachable insn 5\nprocessed 0 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
        [BpfDiagnosticId.KernelFunctionRefused] =
            "0: R1=ctx() R10=fp0\n; bpf_task_release((void *)1); @ probe.bpf.c:9\n0: (b7) r1 = 1                        ; R1_w=1\n1: (85) call bpf_task_release#51877\n"
            + "R1 must be referenced or trusted\nprocessed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
    };

    private static readonly Dictionary<BpfDiagnosticId, string> Faults = new()
    {
        [BpfDiagnosticId.OutOfBounds] = "behind_packet",
        [BpfDiagnosticId.UseAfterRelease] = "submitted",
        [BpfDiagnosticId.NullPointer] = "null_value",
        [BpfDiagnosticId.BadPointer] = "number_used",
        [BpfDiagnosticId.UninitialisedStack] = "unwritten",
        [BpfDiagnosticId.ReadOnlyMemory] = "constant_written",
    };

    /// <summary>What the example of an id is told; null when it needs a kernel, or has a test of its own.</summary>
    public static BpfFinding? Provoke(BpfDiagnosticId id)
    {
        if (VerifierEntries.Programs.TryGetValue(id, out var refused))
            return RecordedRefusals.Program($"{refused.Source}.bpf.o", refused.Program).Explain(RecordedRefusals.Log(refused.Kernel, $"{refused.Source}.bpf.o", refused.Program));
        if (OpenConditions.All().FirstOrDefault(row => row.Id == id) is { Image: not null } open)
            return Refusal(() => BpfObjectFile.Read(open.Image(), "example"));
        if (PrepareConditions.All().FirstOrDefault(row => row.Id == id) is { Provoke: not null } prepared) return prepared.Provoke().Finding;
        if (Logs.TryGetValue(id, out string? log)) return BpfVerifierException.Explain(log);
        if (Faults.TryGetValue(id, out string? program)) return Fault(program);
        return id switch
        {
            BpfDiagnosticId.SectionNameUnknown => Noticed(BpfObjectFile.Open(TestData.PathOf("bad_section.bpf.o")), id),
            BpfDiagnosticId.DataPointersIgnored => Noticed(BpfObjectFile.Open(TestData.PathOf("data_pointers.bpf.o")), id),
            BpfDiagnosticId.NoLicense => Noticed(Program().Read(), id),
            BpfDiagnosticId.BtfIgnored => Noticed(With(".BTF"), id),
            BpfDiagnosticId.BtfExtIgnored => Noticed(With(".BTF.ext"), id),
            BpfDiagnosticId.BadInstruction => Run(new(BpfOpCode.Call, 0, 0, 0, 9999), Exit),
            BpfDiagnosticId.TooManyFrames => Run(new(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -1), Exit),
            BpfDiagnosticId.BadHelperArgument => Run(new(Copy, 1, FramePointer, 0, 0), new(AddImmediate, 1, 0, 0, -8), new(MoveImmediate, 2, 0, 0, -1), new(MoveImmediate, 3, 0, 0, 0), new(BpfOpCode.Call, 0, 0, 0, ProbeRead), Exit),
            BpfDiagnosticId.LockMisused => Run(new(Copy, 1, FramePointer, 0, 0), new(AddImmediate, 1, 0, 0, -8), new(BpfOpCode.Call, 0, 0, 0, SpinUnlock), Exit),
            BpfDiagnosticId.SuppliedBodyThrew => Fault("unknown_helper", static machine => machine.Helpers["bpf_fib_lookup"] = static _ => throw new InvalidOperationException("no route is expected.")),
            BpfDiagnosticId.BadBtfHeader => Refusal(() => BtfReader.Read(new byte[64])),
            BpfDiagnosticId.CoReTargetMissing or BpfDiagnosticId.CoReWidthDiffers =>
                CoReRelocator.Check(ElfFile.Read(TestData.Read("core_width.bpf.o")), CoReObject.Target("btf/odd.bpf.o")).Select(finding => finding.ToFinding()).First(finding => finding?.Id == id),
            _ => null,
        };
    }

    private static BpfFinding Refusal(Action provoke)
    {
        try
        {
            provoke();
        }
        catch (BpfLoaderException refusal)
        {
            return refusal.Finding;
        }

        throw new InvalidOperationException("The example is not refused.");
    }

    private static BpfFinding Noticed(BpfObjectFile file, BpfDiagnosticId id) => file.Diagnostics.First(finding => finding.Id == id);

    private static ObjectBuilder Program()
    {
        var file = new ObjectBuilder();
        file.AddFunction("entry", file.AddCode("socket", Exit), 0, 1);
        return file;
    }

    private static BpfObjectFile With(string section)
    {
        ObjectBuilder file = Program();
        file.AddData(section, 1, 2, 3, 4);
        return file.Read();
    }

    private static BpfFinding Run(params BpfInstruction[] code)
    {
        var file = new ObjectBuilder();
        file.AddFunction("entry", file.AddCode("xdp", code), 0, code.Length);
        return Refusal(() => new BpfMachine().Load(file.Read()).Program("entry").RunXdp(new byte[64]));
    }

    private static BpfFinding Fault(string program, Action<BpfMachine>? prepare = null)
    {
        var machine = new BpfMachine();
        prepare?.Invoke(machine);
        BpfMachineObject bpf = machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/faults.bpf.o")));
        bpf.Map("values").Set(BitConverter.GetBytes(2), new byte[16]);
        return Refusal(() => bpf.Program(program).RunXdp(new byte[64]));
    }
}

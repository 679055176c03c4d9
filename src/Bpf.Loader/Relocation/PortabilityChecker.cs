using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Finds what of an object would fail on a kernel of which the types are known.</summary>
internal sealed class PortabilityChecker
{
    private readonly BpfObjectFile _file;
    private readonly ITargetTypes _target;
    private readonly AttachTargetCheck _targets;
    private readonly HashSet<int>? _helpers;
    private readonly HashSet<BpfDiagnostic> _known = [];
    private readonly List<BpfDiagnostic> _findings = [];

    private PortabilityChecker(BpfObjectFile file, ITargetTypes target)
    {
        _file = file;
        _target = target;
        _targets = new AttachTargetCheck(target);
        _helpers = FindHelpers(target.Kernel);
    }

    /// <summary>Finds it, for the programs that are loaded by default.</summary>
    public static IReadOnlyList<BpfDiagnostic> Check(BpfObjectFile file, ITargetTypes target)
    {
        var checker = new PortabilityChecker(file.Clone(), target);
        checker.Check();
        return checker._findings;
    }

    private void Check()
    {
        var relocator = new ObjectRelocator(_file, _target, new AssumedFacts(_file, _target));
        foreach (BpfProgramDefinition program in _file.Programs)
        {
            if (!program.AutoLoad) continue;
            LinkedProgram? linked = null;
            try
            {
                linked = relocator.Link(program);
                CheckCode(linked);
            }
            catch (CoReException e)
            {
                Add(e.Id, e.Reason, e.Location);
            }
            catch (BpfNotSupportedException e)
            {
                Add(BpfDiagnosticId.MissingExtern, $"The kernel lacks {e.Feature}. {e.Hint}", BeginOf(program, linked));
            }
            catch (BpfFormatException e)
            {
                Add(e.Id, WithoutId(e), BeginOf(program, linked));
            }

            CheckTarget(program, linked);
        }
    }

    private void CheckCode(LinkedProgram linked)
    {
        bool[] ends = new bool[linked.Instructions.Length];
        foreach (AppliedCoRe applied in linked.CoRe) ends[applied.Instruction] |= applied.Outcome != CoReOutcome.Patched;
        bool[] reached = BpfReachability.Find(linked.Instructions, ends);
        foreach (AppliedCoRe applied in linked.CoRe)
        {
            if (!reached[applied.Instruction] || applied.Result.Explain(applied.Outcome) is not string why) continue;
            BpfDiagnosticId id = applied.Outcome == CoReOutcome.WidthUnsafe ? BpfDiagnosticId.CoReWidthDiffers : BpfDiagnosticId.CoReTargetMissing;
            Add(id, $"{why} The verifier refuses the program '{linked.Definition.Name}'; guard the access by bpf_core_field_exists() or its like.", applied.Result.Location);
        }

        for (int i = 0; i < reached.Length && _helpers is not null; i++)
        {
            BpfInstruction call = linked.Instructions[i];
            if (!reached[i] || ends[i] || !call.IsHelperCall || _helpers.Contains(call.Immediate)) continue;
            Add(BpfDiagnosticId.MissingHelper, $"The kernel has no helper {call.Immediate} ({BpfHelper.GetName(call.Immediate) ?? "unknown"}), which the program '{linked.Definition.Name}' calls.", LineOf(linked, i));
        }
    }

    private void CheckTarget(BpfProgramDefinition program, LinkedProgram? linked)
    {
        if (_targets.FindMissing(program) is not string missing) return;
        Add(BpfDiagnosticId.NoAttachTarget, $"The kernel has no {missing}, to which the program '{program.Name}' attaches: it may be inlined, renamed, or in a module.", BeginOf(program, linked));
    }

    private static string WithoutId(BpfFormatException e) =>
        e.Message.StartsWith(e.Id.ToCode() + ": ", StringComparison.Ordinal) ? e.Message[(e.Id.ToCode().Length + 2)..] : e.Message;

    // The kernel's own list of helpers is in its BTF, as an enum.
    private static HashSet<int>? FindHelpers(BtfReader kernel)
    {
        if (!kernel.TryFind("bpf_func_id"u8, BtfKind.Enum, out BtfTypeId id)) return null;
        var helpers = new HashSet<int>();
        foreach (BtfEnumerator helper in kernel[id].Enumerators) helpers.Add((int)helper.Value);
        return helpers;
    }

    private BpfLocation BeginOf(BpfProgramDefinition program, LinkedProgram? linked)
    {
        if (linked is not null) return LineOf(linked, 0);
        if (_file is not { Btf: { } btf, BtfExt: { } info }) return new BpfLocation(Symbol: program.Name);
        foreach (BtfExtSection<BtfFuncInfo> section in info.Functions)
        {
            foreach (BtfFuncInfo function in section)
            {
                if (btf[function.TypeId].Name == program.Name && info.TryFindLine(btf, section.GetNameUtf8(btf), function.InstructionOffset, out BtfLineInfo line))
                    return Locate(btf, program, line);
            }
        }

        return new BpfLocation(Symbol: program.Name);
    }

    private BpfLocation LineOf(LinkedProgram linked, int instruction)
    {
        BtfLineInfo? found = null;
        foreach (BtfLineInfo line in linked.LineInfo)
        {
            if (line.InstructionOffset > (uint)instruction) break;
            found = line;
        }

        return found is BtfLineInfo known && _file.Btf is { } btf ? Locate(btf, linked.Definition, known) : new BpfLocation(Symbol: linked.Definition.Name);
    }

    private static BpfLocation Locate(BtfReader btf, BpfProgramDefinition program, BtfLineInfo line) =>
        new(Symbol: program.Name, SourceFile: line.GetFileName(btf), SourceLine: line.Line, SourceText: line.GetText(btf).Trim());

    private void Add(BpfDiagnosticId id, string message, BpfLocation location)
    {
        var finding = new BpfDiagnostic(id, BpfSeverity.Warning, message, location);
        if (_known.Add(finding)) _findings.Add(finding);
    }
}

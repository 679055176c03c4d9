using System.Collections.Generic;
using System.Linq;
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
    private readonly TargetEnums _enums;
    private readonly HashSet<BpfFinding> _known = [];
    private readonly List<BpfFinding> _findings = [];

    private PortabilityChecker(BpfObjectFile file, ITargetTypes target)
    {
        _file = file;
        _target = target;
        _targets = new AttachTargetCheck(target);
        _enums = new TargetEnums(target.Kernel);
    }

    /// <summary>Finds it, for the programs that are loaded by default.</summary>
    public static IReadOnlyList<BpfFinding> Check(BpfObjectFile file, ITargetTypes target)
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
                Add(e.Finding with { Severity = BpfSeverity.Warning });
            }
            catch (BpfNotSupportedException e)
            {
                Add(BpfDiagnosticId.MissingExtern, $"The kernel lacks {e.Feature}.", e.Finding.Place == default ? BeginOf(program, linked) : e.Finding.Place, cure: e.Hint);
            }
            catch (BpfFormatException e)
            {
                Add(e.Finding with { Severity = BpfSeverity.Warning, Place = BeginOf(program, linked) });
            }

            CheckType(program, linked);
            CheckTarget(program, linked);
        }

        CheckMaps();
    }

    private void CheckCode(LinkedProgram linked)
    {
        var code = new PoisonedCode(linked.Instructions, linked.CoRe);
        foreach (BpfFinding finding in code.Describe(linked.Definition.Name).Where(finding => finding.Severity == BpfSeverity.Warning)) Add(finding);
        for (int i = 0; i < linked.Instructions.Length; i++)
        {
            BpfInstruction call = linked.Instructions[i];
            if (!code.IsReached(i) || code.IsPoisoned(i) || !call.IsHelperCall || !_enums.LacksHelper(call.Immediate)) continue;
            Add(
                BpfDiagnosticId.MissingHelper, $"The kernel has no helper {call.Immediate} ({BpfHelper.GetName(call.Immediate) ?? "unknown"}), which the program '{linked.Definition.Name}' calls.",
                LineOf(linked, i), cure: "Ask before the call whether it is there: bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_...).");
        }
    }

    private void CheckTarget(BpfProgramDefinition program, LinkedProgram? linked)
    {
        if (_targets.FindMissing(program) is not string missing) return;
        Add(BpfDiagnosticId.NoAttachTarget, $"The kernel has no {missing}, to which the program '{program.Name}' attaches.", BeginOf(program, linked),
            cause: "It may be inlined, renamed, or in a module.");
    }

    private void CheckType(BpfProgramDefinition program, LinkedProgram? linked)
    {
        if (_enums.FindMissing(program) is string missing)
            Add(BpfDiagnosticId.NotSupported, $"The kernel lacks {missing}, which the program '{program.Name}' is of.", BeginOf(program, linked), cause: _enums.DescribeLast(null), cure: "Leave it out there: AutoLoad = false, or a section name that begins with '?'.");
    }

    private void CheckMaps()
    {
        foreach (BpfMapDefinition map in _file.Maps)
        {
            if (map.AutoCreate && _enums.FindMissing(map) is string missing)
                Add(BpfDiagnosticId.NotSupported, $"The kernel lacks {missing}, which the map '{map.Name}' is of.", new BpfLocation(Symbol: map.Name), cause: _enums.DescribeLast(map), cure: "Give the map another type there, or leave it out (AutoCreate = false) with the programs that use it.");
        }
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

    private void Add(BpfDiagnosticId id, string what, BpfLocation place, string? cause = null, string? cure = null) =>
        Add(new BpfFinding { Id = id, Severity = BpfSeverity.Warning, What = what, Place = place, Cause = cause, Cure = cure });

    private void Add(BpfFinding finding)
    {
        if (_known.Add(finding)) _findings.Add(finding);
    }
}

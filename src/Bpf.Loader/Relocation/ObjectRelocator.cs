using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Relocates the programs of an object against a kernel: CO-RE in every function, then each program linked with what it calls, and
/// its externs filled in. What concerns one program only stops that one.
/// </summary>
internal sealed class ObjectRelocator
{
    private readonly BpfObjectFile _file;
    private readonly FunctionTable _functions;
    private readonly Dictionary<BpfExternDefinition, ResolvedExtern> _externs;
    private readonly Dictionary<BpfProgramDefinition, BpfFunction> _callbacks;

    /// <summary>Carries out CO-RE for the programs that are to be loaded and for all sub-programs, and resolves the externs.</summary>
    /// <param name="file">The object.</param>
    /// <param name="target">The types to relocate against; null to leave CO-RE to whoever loads the programs.</param>
    /// <param name="kernel">The kernel that externs are looked up in; null to leave them to whoever runs the programs.</param>
    /// <exception cref="BpfException">The kernel's types are needed and cannot be read.</exception>
    /// <exception cref="BpfFormatException">The relocation records of the object are malformed.</exception>
    public ObjectRelocator(BpfObjectFile file, ITargetTypes? target, IKernelFacts? kernel)
    {
        _file = file;
        _functions = new FunctionTable(file.Functions.Concat(file.Programs.Select(static program => program.Function)));
        _callbacks = ExceptionCallbacks.Find(file);
        if (target is not null) ApplyCoRe(target);
        IReadOnlyList<BtfReader> modules = [];
        _externs = kernel is null ? [] : ExternResolver.Resolve(file, kernel, out modules);
        CallModules = modules;
    }

    /// <summary>The modules whose functions are called; their BTF goes to the kernel at index 1 and up of <c>fd_array</c>.</summary>
    public IReadOnlyList<BtfReader> CallModules { get; }

    /// <summary>What an extern came to.</summary>
    public ResolvedExtern this[BpfExternDefinition definition] => _externs[definition];

    /// <summary>Links a program. Maps and jump tables are left to be filled in by whoever has their descriptors.</summary>
    /// <exception cref="BpfFormatException">A call leads nowhere.</exception>
    /// <exception cref="CoReException">The program, or a function that it uses, cannot be relocated against the target.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel lacks an extern that the program needs.</exception>
    public LinkedProgram Link(BpfProgramDefinition program)
    {
        LinkedProgram linked = ProgramLinker.Link(program, _functions, FindCallback(program));
        foreach (LinkedReference reference in linked.References)
        {
            if (reference.Relocation.Extern is not BpfExternDefinition definition) continue;
            if (!_externs.TryGetValue(definition, out ResolvedExtern? resolved)) continue;
            if (resolved.Failure is not null) throw resolved.Failure is BpfNotSupportedException lacking ? lacking.At(Locate(linked, reference.Instruction)) : resolved.Failure;
            if (definition.Kind != BpfExternKind.KernelConfig) ExternPatcher.Patch(linked.Instructions, reference, resolved);
        }

        if (_file is { Btf: { } btf, BtfExt: { } info }) DebugInfoLinker.Link(linked, btf, info);
        return linked;
    }

    // The file names it for the program that a copy is of.
    private BpfFunction? FindCallback(BpfProgramDefinition program) =>
        program.Function.IsDetached ? null
        : _callbacks.TryGetValue(program, out BpfFunction? callback) ? callback
        : _file.Programs.TryGet(program.Function.NameInFile, out BpfProgramDefinition? original) ? _callbacks.GetValueOrDefault(original) : null;

    private BpfLocation Locate(LinkedProgram linked, int instruction)
    {
        var place = new BpfLocation(Symbol: linked.Definition.Name);
        if (_file is not { Btf: { } btf, BtfExt: { } info }) return place;
        DebugInfoLinker.Link(linked, btf, info);
        foreach (BtfLineInfo line in linked.LineInfo)
        {
            if (line.InstructionOffset > (uint)instruction) break;
            place = place with { SourceFile = line.GetFileName(btf), SourceLine = line.Line, SourceText = line.GetText(btf), SourceColumn = line.Column };
        }

        return place;
    }

    private void ApplyCoRe(ITargetTypes target)
    {
        if (_file is not { Btf: { } btf, BtfExt: { } info } || info.CoReRecords.IsEmpty) return;
        Dictionary<BpfFunction, BpfProgramDefinition> programs = [];
        foreach (BpfProgramDefinition program in _file.Programs) programs[program.Function] = program;
        var resolver = new CoReResolver(btf, target);
        try
        {
            resolver.Prepare(info.CoReRecords);
        }
        catch (BpfNotSupportedException lacking)
        {
            throw lacking.At(FirstAccess(btf, info, programs));
        }

        foreach (BtfExtSection<BtfCoReRecord> section in info.CoReRecords)
        {
            string name = section.GetName(btf);
            int index = _functions.FindSection(name);
            foreach (BtfCoReRecord record in section)
            {
                // Code of an overridden weak function belongs to none; programs that are not loaded cost no search.
                foreach (BpfFunction function in _functions.FindAll(index, record.InstructionOffset / BpfInstruction.Size))
                {
                    if (programs.TryGetValue(function, out BpfProgramDefinition? program) && !program.AutoLoad) continue;
                    Apply(resolver, record, _functions[function], new CoReSite(name, function.Name, info));
                }
            }
        }
    }

    // Where the first program that is loaded asks for the target's types.
    private BpfLocation FirstAccess(BtfReader btf, BtfExtReader info, Dictionary<BpfFunction, BpfProgramDefinition> programs)
    {
        foreach (BtfExtSection<BtfCoReRecord> section in info.CoReRecords)
        {
            string name = section.GetName(btf);
            int index = _functions.FindSection(name);
            foreach (BtfCoReRecord record in section)
            {
                if (record.Kind == CoReKind.TypeIdLocal || !_functions.TryFind(index, record.InstructionOffset / BpfInstruction.Size, out BpfFunction function)) continue;
                if (!programs.TryGetValue(function, out BpfProgramDefinition? program) || program.AutoLoad) return new CoReSite(name, function.Name, info).Locate(btf, record.InstructionOffset);
            }
        }

        return default;
    }

    private static void Apply(CoReResolver resolver, BtfCoReRecord record, RelocatedFunction function, CoReSite site)
    {
        int at = (int)(record.InstructionOffset / BpfInstruction.Size) - function.Function.FirstInstruction;
        if (function.Failure is not null || function.Function.Replaced.Contains(at)) return;
        try
        {
            if (record.InstructionOffset % BpfInstruction.Size != 0)
                throw new BpfFormatException($"A CO-RE record is for offset 0x{record.InstructionOffset:x}, which is inside of an instruction.", site.Section, record.InstructionOffset, BpfDiagnosticId.BadRelocation);
            CoReResult result = resolver.Resolve(record, site);
            function.CoRe.Add(new AppliedCoRe(at, result, CoRePatcher.Apply(function.Code, at, result)));
        }
        catch (BpfLoaderException failure)
        {
            function.Failure = failure;
        }
    }
}

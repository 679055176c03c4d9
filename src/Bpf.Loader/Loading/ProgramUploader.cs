using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>Gives the kernel linked programs, with the descriptors of their maps filled in.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ProgramUploader
{
    private readonly LoadContext _context;
    private readonly byte[] _license;
    private readonly uint _kernelVersion;
    private readonly int[] _moduleDescriptors;
    private readonly BpfMapDefinition[] _mapOrder;
    private readonly bool _hasNames;
    private readonly bool _hasDebugInfo;

    public ProgramUploader(LoadContext context, ObjectRelocator relocator)
    {
        _context = context;
        _license = [.. Encoding.UTF8.GetBytes(context.File.License), 0];
        _kernelVersion = context.File.KernelVersion ?? context.Kernel.Version;

        // Index 0 of the descriptors stands for the kernel itself.
        _moduleDescriptors = relocator.CallModules.Count == 0 ? [] : [0, .. relocator.CallModules.Select(module => context.Kernel.GetModuleHandle(module).Number)];
        _mapOrder = [.. context.File.Maps];
        _hasNames = context.Features.Expects(KernelFeature.ProgramName);
        _hasDebugInfo = context.Btf is not null && context.Features.Expects(KernelFeature.BtfFunction);
    }

    /// <summary>Loads a program.</summary>
    /// <exception cref="BpfVerifierException">The verifier refuses it.</exception>
    /// <exception cref="BpfException">The kernel refuses it for another reason.</exception>
    public BpfProgram Load(LinkedProgram program)
    {
        BpfProgramDefinition definition = program.Definition;
        if (definition.Type == BpfProgramType.Unspecified)
        {
            throw new BpfException(
                BpfCommand.ProgLoad, Errno.EINVAL, $"program '{definition.Name}'",
                $"its section name '{definition.SectionName}' says nothing about its type; use one of the known names, or set the type before the load.", BpfDiagnosticId.NoProgramType);
        }

        AttachTarget target = AttachTargetResolver.Resolve(_context, definition);
        BpfInstruction[] code = Patch(program, out List<FileDescriptorHandle> tables);
        try
        {
            HelperFixups.Fix(code, _context.Features);
            FileDescriptorHandle handle = Load(program, code, target);
            var loaded = new BpfProgram(handle, definition);
            BindConstants(loaded);
            return loaded;
        }
        finally
        {
            // The program holds its jump tables from now on.
            foreach (FileDescriptorHandle table in tables) table.Dispose();
        }
    }

    private FileDescriptorHandle Load(LinkedProgram program, BpfInstruction[] code, AttachTarget target)
    {
        BpfProgramDefinition definition = program.Definition;
        uint[] functions = _hasDebugInfo ? Pack(program.FunctionInfo) : [];
        uint[] lines = _hasDebugInfo ? Pack(program.LineInfo) : [];
        var request = new ProgramLoadRequest
        {
            Type = definition.Type,
            ExpectedAttachType = AttachTypeFor(definition),
            Flags = definition.LoadFlags,
            Name = _hasNames ? KernelObjectName.Encode(definition.Name) : default,
            Instructions = MemoryMarshal.AsBytes(code.AsSpan()),
            License = _license,
            KernelVersion = _kernelVersion,
            IfIndex = definition.InterfaceIndex,
            Btf = _hasDebugInfo ? _context.Btf : null,
            FuncInfo = MemoryMarshal.AsBytes(functions.AsSpan()),
            FuncInfoRecordSize = functions.Length == 0 ? 0u : (uint)BtfFuncInfo.KnownSize,
            LineInfo = MemoryMarshal.AsBytes(lines.AsSpan()),
            LineInfoRecordSize = lines.Length == 0 ? 0u : (uint)BtfLineInfo.KnownSize,
            AttachBtfId = target.TypeId,
            AttachTarget = target.Object,
            FdArray = _moduleDescriptors,
            Token = _context.Token,
        };

        uint level = (uint)_context.Options.VerifierLogLevel;
        FileDescriptorHandle handle = ExplainedLoad.Load(request, level, out Errno errno, out string log) ?? throw VerifierExplanation.Explain(_context, program, errno, log);
        if (level != 0) _context.Logs[definition.Name] = log;
        return handle;
    }

    private BpfAttachType AttachTypeFor(BpfProgramDefinition definition)
    {
        SectionTraits traits = definition.SectionDefinition?.Traits ?? SectionTraits.None;
        if ((traits & SectionTraits.AttachTypeOptional) != 0 && !_context.Features.Expects(KernelFeature.ExpectedAttachType)) return 0;
        if ((traits & SectionTraits.Usdt) != 0 && _context.Features.Expects(KernelFeature.UprobeMultiLink)) definition.ExpectedAttachType = BpfAttachType.TraceUprobeMulti;
        return definition.ExpectedAttachType;
    }

    private BpfInstruction[] Patch(LinkedProgram program, out List<FileDescriptorHandle> tables)
    {
        var code = (BpfInstruction[])program.Instructions.Clone();
        tables = [];
        var known = new Dictionary<long, FileDescriptorHandle>();
        foreach (LinkedReference reference in program.References)
        {
            CodeRelocation relocation = reference.Relocation;
            int at = reference.Instruction;
            switch (relocation.Kind)
            {
                case CodeRelocationKind.MapReference or CodeRelocationKind.MapValue:
                    PatchMap(code, at, relocation);
                    break;
                case CodeRelocationKind.ExternLoad when relocation.Extern!.Kind == BpfExternKind.KernelConfig:
                    BpfMapDefinition config = Array.Find(_mapOrder, static map => map.Kind == BpfMapKind.KernelConfig)!;
                    if (!_context.Maps.TryGetValue(config, out BpfMap? kconfig)) ReferencePatcher.Poison(code, at, Array.IndexOf(_mapOrder, config));
                    else ReferencePatcher.PatchConfig(code, at, kconfig.Handle.Number, relocation.Extern.Offset);
                    break;
                case CodeRelocationKind.ExternLoad when _context.Relocator![relocation.Extern!].Module is BtfReader module:
                    code[at + 1].Immediate = _context.Kernel.GetModuleHandle(module).Number;
                    break;
                case CodeRelocationKind.InstructionArray:
                    if (!known.TryGetValue(relocation.Value, out FileDescriptorHandle? table))
                    {
                        table = JumpTables.Create(_context, program, reference);
                        tables.Add(table);
                        known.Add(relocation.Value, table);
                    }

                    ReferencePatcher.PatchJumpTable(code, at, table.Number);
                    break;
            }
        }

        return code;
    }

    private void PatchMap(BpfInstruction[] code, int at, in CodeRelocation relocation)
    {
        BpfMapDefinition definition = relocation.Map!;
        if (!_context.Maps.TryGetValue(definition, out BpfMap? map)) ReferencePatcher.Poison(code, at, Array.IndexOf(_mapOrder, definition));
        else if (relocation.Kind == CodeRelocationKind.MapReference) ReferencePatcher.PatchMap(code, at, map.Handle.Number);
        else
        {
            long arena = definition.Type == BpfMapType.Arena ? MapContents.ArenaOffset(_context, definition) : 0;
            ReferencePatcher.PatchValue(code, at, map.Handle.Number, relocation.Value + arena);
        }
    }

    /// <summary>Binds all constants, so that tools can read the format strings of programs that do not refer to them.</summary>
    private void BindConstants(BpfProgram program)
    {
        foreach (BpfMapDefinition definition in _mapOrder)
        {
            if (definition.Kind != BpfMapKind.ReadOnlyData || !_context.Maps.TryGetValue(definition, out BpfMap? map)) continue;
            if (!_context.Features.Expects(KernelFeature.ProgramBindMap)) return;
            Errno errno = BpfSyscall.ProgramBindMap(program.Handle, map.Handle);
            if (errno != Errno.None)
                _context.Report(BpfDiagnosticId.MapNotBound, BpfSeverity.Info, $"The map '{map.Name}' could not be bound to the program '{program.Name}' ({errno}).");
        }
    }

    private static uint[] Pack(BtfFuncInfo[] records)
    {
        uint[] packed = new uint[records.Length * 2];
        for (int i = 0; i < records.Length; i++)
        {
            packed[i * 2] = records[i].InstructionOffset;
            packed[(i * 2) + 1] = (uint)records[i].TypeId.Value;
        }

        return packed;
    }

    private static uint[] Pack(BtfLineInfo[] records)
    {
        uint[] packed = new uint[records.Length * 4];
        for (int i = 0; i < records.Length; i++)
        {
            packed[i * 4] = records[i].InstructionOffset;
            packed[(i * 4) + 1] = records[i].FileNameOffset;
            packed[(i * 4) + 2] = records[i].LineOffset;
            packed[(i * 4) + 3] = records[i].LineColumn;
        }

        return packed;
    }
}

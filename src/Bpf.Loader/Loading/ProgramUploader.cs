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
        Errno errno = Errno.None;
        if (level == 0)
        {
            // A log slows the verifier down several times: it is asked for only when there is something to explain.
            FileDescriptorHandle? handle = BpfSyscall.ProgramLoad(request, out errno);
            if (handle is not null) return handle;
            level = 1;
        }

        return LoadWithLog(program, ref request, level, errno);
    }

    // The second answer explains the first. One of them is enough: where the log does not fit, its end is left (its beginning before 6.4).
    private FileDescriptorHandle LoadWithLog(LinkedProgram program, ref ProgramLoadRequest request, uint level, Errno first)
    {
        using var log = new VerifierLogBuffer();
        request.Log = log.Memory;
        request.LogLevel = request.Log.IsEmpty ? 0 : level;
        FileDescriptorHandle? handle = BpfSyscall.ProgramLoad(request, out Errno errno, out _);
        if (handle is null && errno == Errno.ENOSPC && first == Errno.None)
        {
            // The log that the caller asked for does not fit, and the program may be sound.
            request.LogLevel = 0;
            request.Log = default;
            handle = BpfSyscall.ProgramLoad(request, out errno);
        }

        string text = log.Read();
        if (handle is not null)
        {
            if (_context.Options.VerifierLogLevel != 0) _context.Logs[program.Definition.Name] = text;
            return handle;
        }

        // The log buffer itself can be refused; the first answer is about the program then.
        if (errno is Errno.ENOSPC or Errno.EFAULT && first != Errno.None) errno = first;
        throw VerifierExplanation.Explain(_context, program, errno, text);
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

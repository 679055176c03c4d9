using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Light;

internal sealed partial class LoaderProgram
{
    // union bpf_attr.
    private const int CodeField = 8, LicenseField = 16, LogLevelField = 24, LogSizeField = 28, LogBufferField = 32, ProgramBtfField = 72;
    private const int FunctionsField = 80, LinesField = 96, AttachTypeField = 108, AttachObjectField = 112, DescriptorsField = 120, CoReField = 128;

    /// <summary>The attach type that a program is loaded for, on a kernel that has all that this format asks for.</summary>
    public static BpfAttachType AttachTypeOf(BpfProgramDefinition program) =>
        ((program.SectionDefinition?.Traits ?? SectionTraits.None) & SectionTraits.Usdt) != 0 ? BpfAttachType.TraceUprobeMulti : program.ExpectedAttachType;

    private int Place(LinkedProgram program)
    {
        BpfProgramDefinition definition = program.Definition;
        bool hasInfo = program.FunctionInfo.Length > 0;
        BtfCoReRecord[] coRe = CoReOf(program);
        return _data.Add(
            new ProgLoadAttr
            {
                ProgType = definition.Type,
                InsnCnt = (uint)program.Instructions.Length,
                ProgFlags = definition.LoadFlags,
                ProgName = ObjectName.From(KernelObjectName.Encode(definition.Name)),
                ProgIfIndex = definition.InterfaceIndex,
                ExpectedAttachType = AttachTypeOf(definition),
                FuncInfoCnt = (uint)program.FunctionInfo.Length,
                FuncInfoRecSize = hasInfo ? (uint)BtfFuncInfo.KnownSize : 0,
                LineInfoCnt = (uint)program.LineInfo.Length,
                LineInfoRecSize = program.LineInfo.Length > 0 ? (uint)BtfLineInfo.KnownSize : 0,
                CoreReloCnt = (uint)coRe.Length,
                CoreReloRecSize = coRe.Length > 0 ? (uint)BtfCoReRecord.KnownSize : 0,
            },
            ProgramLoadSize);
    }

    private BtfCoReRecord[] CoReOf(LinkedProgram program) => _file is { Btf: { } btf, BtfExt: { } info } ? DebugInfoLinker.LinkCoRe(program, btf, info) : [];

    private void Load(int index, int arguments)
    {
        LinkedProgram program = _programs[index];
        BpfProgramDefinition definition = program.Definition;
        Refer(program);
        int code = _data.Add(MemoryMarshal.AsBytes(program.Instructions.AsSpan()));
        _code.Point(arguments + CodeField, code);
        _code.Point(arguments + LicenseField, _data.AddName(_file.License).At);
        _code.Point(arguments + DescriptorsField, 0);
        _code.FromContext(BpfAccessSize.Word, arguments + LogLevelField, LoaderContext.LogLevel);
        _code.FromContext(BpfAccessSize.Word, arguments + LogSizeField, LoaderContext.LogSize);
        _code.FromContext(BpfAccessSize.DoubleWord, arguments + LogBufferField, LoaderContext.LogBuffer);
        if (program.FunctionInfo.Length > 0) PointToInfo(program, arguments);
        if (_externs.FindTarget(definition) is int target)
        {
            _code.Copy(BpfAccessSize.Word, arguments + AttachTypeField, _externs.SlotOf(target));
            _code.Copy(BpfAccessSize.Word, arguments + AttachObjectField, _externs.SlotOf(target) + sizeof(uint));
        }

        foreach (LinkedReference reference in program.References)
        {
            if (reference.Relocation.Extern is { Kind: BpfExternKind.KernelSymbol } symbol)
                Resolve(program.Instructions[reference.Instruction], code + (reference.Instruction * BpfInstruction.Size), symbol, reference.Relocation.Kind);
        }

        Begin(BpfCommand.ProgLoad, $"program '{definition.Name}'", index);
        _code.Call(BpfCommand.ProgLoad, arguments, ProgramLoadSize);
        _code.Keep(_context.Program(index));
    }

    private void PointToInfo(LinkedProgram program, int arguments)
    {
        _code.FromContext(BpfAccessSize.Word, arguments + ProgramBtfField, _context.ObjectTypesDescriptor);
        _code.Point(arguments + FunctionsField, Add(program.FunctionInfo.SelectMany(static info => new[] { info.InstructionOffset, (uint)info.TypeId.Value })));
        if (program.LineInfo.Length > 0)
            _code.Point(arguments + LinesField, Add(program.LineInfo.SelectMany(static line => new[] { line.InstructionOffset, line.FileNameOffset, line.LineOffset, line.LineColumn })));
        BtfCoReRecord[] coRe = CoReOf(program);
        if (coRe.Length > 0)
            _code.Point(arguments + CoReField, Add(coRe.SelectMany(static record => new[] { record.InstructionOffset, (uint)record.TypeId.Value, record.AccessStringOffset, (uint)record.Kind })));
    }

    private int Add(IEnumerable<uint> words) => _data.Add(MemoryMarshal.AsBytes<uint>(words.ToArray()));

    /// <summary>Writes into the instructions what is known already: maps by their place, and of what the kernel has, its kind.</summary>
    private void Refer(LinkedProgram program)
    {
        BpfInstruction[] code = program.Instructions;
        foreach (LinkedReference reference in program.References)
        {
            CodeRelocation relocation = reference.Relocation;
            int at = reference.Instruction;
            switch (relocation.Kind)
            {
                case CodeRelocationKind.MapReference or CodeRelocationKind.MapValue when !relocation.Map!.AutoCreate:
                    ReferencePatcher.Poison(code, at, Array.IndexOf(_maps, relocation.Map));
                    break;
                case CodeRelocationKind.MapReference:
                    code[at].Source = BpfPseudo.MapIndex;
                    code[at].Immediate = Array.IndexOf(_maps, relocation.Map);
                    break;
                case CodeRelocationKind.MapValue:
                    ReferencePatcher.PatchValue(code, at, Array.IndexOf(_maps, relocation.Map), relocation.Value);
                    code[at].Source = BpfPseudo.MapIndexValue;
                    break;
                case CodeRelocationKind.ExternLoad when relocation.Extern!.Kind == BpfExternKind.KernelConfig:
                    ReferencePatcher.PatchConfig(code, at, Array.FindIndex(_maps, static map => map.Kind == BpfMapKind.KernelConfig), relocation.Extern.Offset);
                    code[at].Source = BpfPseudo.MapIndexValue;
                    break;
                case CodeRelocationKind.ExternLoad:
                    if (!relocation.Extern!.IsTypeless) code[at].Source = BpfPseudo.BtfId;
                    code[at].Immediate = code[at + 1].Immediate = 0;
                    break;
                case CodeRelocationKind.ExternCall:
                    code[at] = new BpfInstruction(code[at].Code, code[at].Destination, BpfPseudo.KernelFunctionCall, 0, 0);
                    break;
            }
        }
    }

    /// <summary>Has the loader write into an instruction what it found.</summary>
    private void Resolve(BpfInstruction instruction, int place, BpfExternDefinition symbol, CodeRelocationKind kind)
    {
        // struct bpf_insn: the registers are its second byte, the offset is at 2, the immediate at 4.
        const int Registers = 1, Offset = 2, Immediate = 4;
        int slot = _externs.SlotOf(_externs.IndexOf(symbol));
        _code.Copy(BpfAccessSize.Word, place + Immediate, slot);
        if (kind == CodeRelocationKind.ExternCall)
        {
            _code.Copy(BpfAccessSize.HalfWord, place + Offset, slot + sizeof(ulong));
            return;
        }

        _code.Copy(BpfAccessSize.Word, place + BpfInstruction.Size + Immediate, slot + sizeof(uint));
        if (symbol.IsTypeless || !symbol.IsWeak) return;

        // What a kernel lacks is the plain number 0.
        instruction.Source = 0;
        Span<byte> bytes = stackalloc byte[BpfInstruction.Size];
        instruction.Write(bytes, !BitConverter.IsLittleEndian);
        _code.SetByteIfZero(place + Registers, bytes[Registers], slot);
    }
}

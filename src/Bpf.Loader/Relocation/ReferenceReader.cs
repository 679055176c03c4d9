using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Tells what the instructions of linked programs refer to, in the terms of the object that its user has.</summary>
internal sealed class ReferenceReader
{
    private readonly BpfObjectFile _file;
    private readonly Dictionary<BpfMapDefinition, BpfMapDefinition> _maps = [];

    /// <summary>Reads references of programs that were made from a copy of an object.</summary>
    /// <param name="file">The object.</param>
    /// <param name="copy">The copy whose programs were linked.</param>
    public ReferenceReader(BpfObjectFile file, BpfObjectFile copy)
    {
        _file = file;
        for (int i = 0; i < copy.Maps.Count; i++) _maps[copy.Maps[i]] = file.Maps[i];
    }

    /// <summary>The references of a program whose instructions are patched already.</summary>
    public IReadOnlyList<BpfReference> Read(LinkedProgram program)
    {
        var references = new List<BpfReference>(program.References.Count);
        foreach (LinkedReference reference in program.References)
        {
            CodeRelocation relocation = reference.Relocation;
            BpfReferenceKind kind = KindOf(relocation);
            references.Add(new BpfReference
            {
                Instruction = reference.Instruction,
                Kind = kind,
                Map = relocation.Map is null ? null : _maps[relocation.Map],
                Extern = relocation.Extern,
                Offset = kind switch
                {
                    BpfReferenceKind.MapValue => (uint)program.Instructions[reference.Instruction + 1].Immediate,
                    BpfReferenceKind.KernelConfig => relocation.Extern!.Offset,
                    _ => 0,
                },
                Targets = kind == BpfReferenceKind.JumpTable ? JumpTableReader.Read(_file.JumpTables.Span, program, reference) : [],
            });
        }

        return references;
    }

    private static BpfReferenceKind KindOf(CodeRelocation relocation) => relocation.Kind switch
    {
        CodeRelocationKind.MapReference => BpfReferenceKind.Map,
        CodeRelocationKind.MapValue => BpfReferenceKind.MapValue,
        CodeRelocationKind.ExternCall => BpfReferenceKind.KernelFunction,
        CodeRelocationKind.InstructionArray => BpfReferenceKind.JumpTable,
        _ when relocation.Extern!.Kind == BpfExternKind.KernelConfig => BpfReferenceKind.KernelConfig,
        _ => BpfReferenceKind.KernelSymbol,
    };
}

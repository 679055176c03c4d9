using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Light;

/// <summary>What a loader program looks up in the kernel, each once: the externs that its programs use, and what they attach to.</summary>
internal sealed class LoaderExterns
{
    // A number, the descriptor of the module's types, and their place among the descriptors of instructions; or an address.
    private const int SlotSize = 16;

    private readonly List<BpfExternDefinition> _symbols;
    private readonly List<(string Name, BtfKind Kind, int Program)> _targets = [];
    private readonly Dictionary<BpfProgramDefinition, int> _targetOf = [];
    private int _slots;

    public LoaderExterns(BpfObjectFile file, LinkedProgram[] programs)
    {
        HashSet<BpfExternDefinition> used = [.. programs.SelectMany(static program => program.References).Select(static reference => reference.Relocation.Extern).OfType<BpfExternDefinition>()];
        _symbols = [.. file.Externs.Where(symbol => symbol.Kind == BpfExternKind.KernelSymbol && used.Contains(symbol))];
        for (int i = 0; i < programs.Length; i++)
        {
            BpfProgramDefinition program = programs[i].Definition;
            if (TargetOf(program) is not { } target) continue;
            int known = _targets.FindIndex(other => other.Name == target.Name && other.Kind == target.Kind);
            if (known < 0)
            {
                known = _targets.Count;
                _targets.Add((target.Name, target.Kind, i));
            }

            _targetOf.Add(program, _symbols.Count + known);
        }
    }

    public int Count => _symbols.Count + _targets.Count;

    /// <summary>How many may be functions of modules, whose types the kernel finds by a place among descriptors.</summary>
    public int FunctionCount => _symbols.Count(static symbol => symbol.IsFunction);

    public int IndexOf(BpfExternDefinition symbol) => _symbols.IndexOf(symbol);

    public int? FindTarget(BpfProgramDefinition program) => _targetOf.TryGetValue(program, out int index) ? index : null;

    /// <summary>Where stands what one came to.</summary>
    public int SlotOf(int index) => _slots + (index * SlotSize);

    /// <summary>Leaves room for what all come to.</summary>
    public void Place(LoaderData data) => _slots = data.Reserve(Count * SlotSize);

    /// <summary>Writes the code that looks them up.</summary>
    public void Find(LoaderData data, LoaderCode code, in LoaderContext context, int firstModule, Action<BpfCommand, string, int> begin)
    {
        int functions = 0;
        for (int i = 0; i < _symbols.Count; i++)
        {
            BpfExternDefinition symbol = _symbols[i];
            (int name, int length) = data.AddName(symbol.Name);
            begin(BpfCommand.BtfGetFdById, symbol.IsFunction ? $"kernel function '{symbol.Name}'" : $"kernel symbol '{symbol.Name}'", -1);
            if (symbol.IsTypeless) code.FindSymbol(name, length, SlotOf(i), symbol.IsWeak);
            else code.Find(name, length, (int)(symbol.IsFunction ? BtfKind.Function : BtfKind.Variable), SlotOf(i), context.Extern(i), symbol.IsFunction ? firstModule + functions++ : 0, symbol.IsWeak);
        }

        for (int i = 0; i < _targets.Count; i++)
        {
            (int name, int length) = data.AddName(_targets[i].Name);
            int index = _symbols.Count + i;
            begin(BpfCommand.BtfGetFdById, _targets[i].Name, _targets[i].Program);
            code.Find(name, length, (int)_targets[i].Kind, SlotOf(index), context.Extern(index), 0, isWeak: false);
        }
    }

    private static (string Name, BtfKind Kind)? TargetOf(BpfProgramDefinition program)
    {
        if (((program.SectionDefinition?.Traits ?? SectionTraits.None) & SectionTraits.NeedsTarget) == 0) return null;
        string name = program.AttachTarget!;
        (string prefix, BtfKind kind) = AttachTargetNames.Of(program.ExpectedAttachType);
        return (prefix + name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..], kind);
    }
}

using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>
/// Puts the symbols of the objects together. A definition wins over an extern, a strong one over a weak one, and of weak ones the
/// first; what loses stays in its section, without a symbol.
/// </summary>
internal sealed class SymbolLinker(BtfStringTable names)
{
    private readonly Dictionary<string, GlobalSymbol> _globals = new(StringComparer.Ordinal);

    /// <summary>The symbols of the output; number 0 is the null symbol.</summary>
    public List<OutputSymbol> Symbols { get; } = [new OutputSymbol()];

    /// <summary>The global symbols, in the order of their numbers.</summary>
    public List<GlobalSymbol> Globals { get; } = [];

    public GlobalSymbol? Find(string name) => _globals.GetValueOrDefault(name);

    /// <summary>Adds all symbols of an object.</summary>
    public void Append(LinkInput input)
    {
        foreach (ElfSymbol symbol in input.Symbols)
        {
            if (symbol.Index != 0) Append(input, symbol);
        }
    }

    private void Append(LinkInput input, ElfSymbol symbol)
    {
        InputSection? section = null;
        if (symbol.SectionIndex != 0 && !LinkInputChecks.IsReserved(symbol))
        {
            section = input.Sections[symbol.SectionIndex];
            if (section.IsSkipped || section.Target is null) return;

            // A section needs one symbol that stands for it.
            if (symbol.Type == ElfSymbolType.Section && section.Target.Symbol != 0)
            {
                input.SymbolMap[symbol.Index] = section.Target.Symbol;
                return;
            }
        }

        string name = input.Context.Text(symbol.NameUtf8);
        if (symbol.Binding == ElfSymbolBinding.Local)
        {
            Add(input, symbol, section);
            return;
        }

        BtfTypeId id = Describe(input, symbol, name, out OutputSection? listedIn);
        listedIn ??= section?.Target;
        if (_globals.TryGetValue(name, out GlobalSymbol? global)) Resolve(global, input, symbol, section, id);
        else Begin(name, input, symbol, section, listedIn, id);
    }

    /// <summary>What the BTF says of a global symbol, and for an extern in which section it lists it.</summary>
    private static BtfTypeId Describe(LinkInput input, ElfSymbol symbol, string name, out OutputSection? section)
    {
        section = null;
        bool isExtern = symbol.SectionIndex == 0;
        BtfTypeId listed = default, id = default;
        if (input.Descriptions?.IsAmbiguous(name) == true)
            throw input.Fail(BpfDiagnosticId.LinkWithoutBtf, $"The BTF describes '{name}' in several ways, and it cannot be told which is meant.");
        if (input.Descriptions?.TryFind(name, out listed, out id) != true)
        {
            // A definition is only compared with what other objects say of it; most are not spoken of by any.
            if (!isExtern) return default;
            throw input.Fail(BpfDiagnosticId.LinkWithoutBtf, $"The extern '{name}' is not described by BTF, so that it cannot be compared with a definition: compile the object with clang -g.");
        }

        if (!isExtern || listed.IsVoid) return id;
        string sectionName = Encoding.UTF8.GetString(input.Btf![listed].NameUtf8);
        if (sectionName != ".extern") section = input.Find(sectionName)!.Target;
        return id;
    }

    private void Begin(string name, LinkInput input, ElfSymbol symbol, InputSection? section, OutputSection? listedIn, BtfTypeId id)
    {
        var global = new GlobalSymbol(name, Add(input, symbol, section), input)
        {
            Section = listedIn,
            IsExtern = symbol.SectionIndex == 0,
            IsWeak = symbol.Binding == ElfSymbolBinding.Weak,
            InputTypeId = id,
        };
        _globals.Add(name, global);
        Globals.Add(global);
    }

    private int Add(LinkInput input, ElfSymbol symbol, InputSection? section)
    {
        int index = Symbols.Count;
        input.SymbolMap[symbol.Index] = index;
        Symbols.Add(new OutputSymbol
        {
            Name = names.Add(symbol.NameUtf8),
            Binding = symbol.Binding,
            Type = symbol.Type,
            Visibility = symbol.Visibility,
            Section = section?.Target,
            ReservedIndex = LinkInputChecks.IsReserved(symbol) ? symbol.SectionIndex : 0,
            Value = symbol.Type == ElfSymbolType.Section ? 0 : (section?.TargetOffset ?? 0) + symbol.Value,
            Size = symbol.Size,
        });
        if (symbol.Type == ElfSymbolType.Section && section?.Target is OutputSection target) target.Symbol = index;
        return index;
    }

    private void Resolve(GlobalSymbol global, LinkInput input, ElfSymbol symbol, InputSection? section, BtfTypeId id)
    {
        input.SymbolMap[symbol.Index] = global.Index;
        bool isExtern = symbol.SectionIndex == 0, isWeak = symbol.Binding == ElfSymbolBinding.Weak;
        if (!isExtern && !global.IsExtern && !global.IsWeak && !isWeak)
        {
            throw input.Fail(
                BpfDiagnosticId.LinkConflict,
                $"'{global.Name}' is defined here and in {global.Input.Name}: make one of them extern, static or __weak.", section?.Name);
        }

        Compatibility.Check(global, input, id);
        OutputSymbol output = Symbols[global.Index];

        // Where anyone insists on the symbol, it is strong; where anyone hides it, it is hidden.
        if (!isWeak) output.Binding = ElfSymbolBinding.Global;
        if (symbol.Visibility > output.Visibility) output.Visibility = symbol.Visibility;
        if (isExtern || (isWeak && !global.IsExtern)) return;

        if (global.VariableIndex >= 0 && global.Section != section?.Target)
        {
            throw input.Fail(
                BpfDiagnosticId.LinkTypes,
                $"'{global.Name}' is defined in the section {section?.Name}, and {global.Input.Name} has it in {global.Section?.Name}.", section?.Name);
        }

        output.Type = symbol.Type;
        output.Section = section?.Target;
        output.Value = (section?.TargetOffset ?? 0) + symbol.Value;
        output.Size = symbol.Size;
        global.Section = section?.Target;
        global.IsExtern = false;
        global.IsWeak = isWeak;
        global.Input = input;
        global.InputTypeId = id;
        global.WantsType = true;
    }
}

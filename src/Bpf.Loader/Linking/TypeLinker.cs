using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>Puts the BTF of the objects together. A global symbol has one variable or function, which takes the type of its definition.</summary>
internal sealed class TypeLinker(SymbolLinker symbols)
{
    private readonly BtfBuilder _builder = new();

    public BtfBuilder Builder => _builder;

    /// <summary>Adds the types of an object.</summary>
    public void Append(LinkInput input)
    {
        if (input.Btf is not BtfReader btf) return;
        input.TypeMap = new int[btf.TypeCount];
        int first = _builder.TypeCount;
        CompleteExterns(input);
        for (int id = btf.FirstId; id < btf.TypeCount; id++) AppendType(input, btf[new BtfTypeId(id)]);
        for (int id = first; id < _builder.TypeCount; id++) _builder.MoveReferences(new BtfTypeId(id), before => Map(input, before));
        SetTypes(input);
        foreach (InputSection section in input.Sections)
        {
            if (section.IsDescribed && !section.IsSkipped) AppendVariables(input, section);
        }
    }

    /// <summary>Adds the data sections, once all objects are there.</summary>
    public static void AppendSections(BtfBuilder builder, IEnumerable<OutputSection> sections)
    {
        foreach (OutputSection section in sections)
        {
            if (!section.IsDescribed) continue;
            builder.AddDataSection(section.Name, (uint)section.Size);
            foreach (BtfSectionVariable variable in section.Variables) builder.AddSectionVariable(variable);
        }
    }

    /// <summary>
    /// Compilers write the parameters of externs without names. With those of the definition, the two function types are the same,
    /// and one is left.
    /// </summary>
    private void CompleteExterns(LinkInput input)
    {
        foreach (GlobalSymbol global in symbols.Globals)
        {
            if (!global.WantsType || global.Input != input || global.TypeId.IsVoid) continue;
            BtfType function = input.Btf![global.InputTypeId];
            if (function.Kind != BtfKind.Function) continue;
            BtfParameterCollection parameters = input.Btf[function.TypeId].Parameters;

            // They were compared by what describes the symbol; a BTF that describes it twice has other parameters here.
            if (_builder.CountParameters(global.LinkedType) != parameters.Count)
                throw input.Fail(BpfDiagnosticId.LinkTypes, $"The function '{global.Name}' is described twice, with different parameters.", ".BTF");
            for (int i = 0; i < parameters.Count; i++)
            {
                if (!parameters[i].NameUtf8.IsEmpty) _builder.SetEntryName(global.LinkedType, i, parameters[i].Name);
            }
        }
    }

    private void AppendType(LinkInput input, BtfType type)
    {
        if (type.Kind == BtfKind.DataSection) return;
        ChargeNames(input, type);
        GlobalSymbol? global = null;
        if (GlobalDescriptions.IsGlobal(type))
        {
            // Variables without a symbol are those of sections that were left out: the license of another object than the first.
            global = symbols.Find(input.Context.Text(type.NameUtf8));
            if (global is null) return;
            if (global.WantsType) global.NewType = type.TypeId;
            global.WantsType = false;
            if (!global.TypeId.IsVoid)
            {
                input.TypeMap[type.Id.Value] = global.TypeId.Value;
                return;
            }
        }

        BtfTypeId id = _builder.AddType(type);
        input.TypeMap[type.Id.Value] = id.Value;
        if (global is null) return;
        global.TypeId = id;
        global.NewType = type.TypeId;
    }

    // Names may share a long string, and each would be copied.
    private static void ChargeNames(LinkInput input, BtfType type)
    {
        input.Context.Charge(type.NameUtf8.Length);
        foreach (BtfMember member in type.Members) input.Context.Charge(member.NameUtf8.Length);
        foreach (BtfEnumerator value in type.Enumerators) input.Context.Charge(value.NameUtf8.Length);
        foreach (BtfParameter parameter in type.Parameters) input.Context.Charge(parameter.NameUtf8.Length);
    }

    private static int Map(LinkInput input, int id)
    {
        if (id == 0 || input.TypeMap[id] != 0) return input.TypeMap[id];
        throw input.Fail(BpfDiagnosticId.LinkTypes, $"A type refers to {input.Btf![new BtfTypeId(id)]}, which is not in the output.", ".BTF");
    }

    /// <summary>Gives the variables and functions that are defined here the types of their definitions.</summary>
    private void SetTypes(LinkInput input)
    {
        foreach (GlobalSymbol global in symbols.Globals)
        {
            if (global.NewType is not BtfTypeId type) continue;
            global.NewType = null;
            global.LinkedType = new BtfTypeId(Map(input, type.Value));
            _builder.SetTypeId(global.TypeId, global.LinkedType);
            if (!global.IsExtern) _builder.SetLinkage(global.TypeId, BtfLinkage.Global);
        }
    }

    private void AppendVariables(LinkInput input, InputSection section)
    {
        OutputSection output = section.Target!;
        output.IsDescribed = true;
        foreach (BtfSectionVariable place in section.Variables)
        {
            BtfType variable = input.Btf![place.TypeId];
            var moved = new BtfSectionVariable(new BtfTypeId(Map(input, place.TypeId.Value)), (uint)section.TargetOffset + place.Offset, place.Size);
            GlobalSymbol? global = GlobalDescriptions.IsGlobal(variable) ? symbols.Find(input.Context.Text(variable.NameUtf8)) : null;
            if (global is null)
            {
                output.Variables.Add(moved);
                continue;
            }

            if (global.Section != output)
                throw input.Fail(BpfDiagnosticId.LinkTypes, $"'{global.Name}' is listed in {section.Name} here, and in {global.Section?.Name ?? "no section"} by {global.Input.Name}.", ".BTF");
            if (global.VariableIndex < 0)
            {
                global.VariableIndex = output.Variables.Count;
                output.Variables.Add(moved);
            }
            else if (global.Input == input && !global.IsExtern)
            {
                // It was an extern, or a weak one that is overridden: what counts is where it is now, and how large.
                output.Variables[global.VariableIndex] = moved;
            }
        }
    }
}

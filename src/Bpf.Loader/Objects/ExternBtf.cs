using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>
/// Rewrites the BTF of externs into what the kernel takes: it knows data sections of defined variables only, and checks that
/// they have sizes and rising offsets (<c>kernel/bpf/btf.c</c>, since Linux 5.2).
/// </summary>
internal static class ExternBtf
{
    private const string Placeholder = "dummy_ksym";
    private const uint SlotSize = 4;

    public static void Rewrite(ObjectContext context)
    {
        if (context.Externs.Count == 0) return;
        var byDeclaration = new Dictionary<string, BpfExternDefinition>(StringComparer.Ordinal);
        foreach (BpfExternDefinition item in context.Externs) byDeclaration.TryAdd(item.Name, item);
        foreach (BtfTypeId id in context.DataSections)
        {
            BtfType section = context.Btf![id];
            if (section.NameUtf8.SequenceEqual(".kconfig"u8)) RewriteConfig(context, section, byDeclaration);
            else if (section.NameUtf8.SequenceEqual(".ksyms"u8)) RewriteSymbols(context, section, byDeclaration);
        }
    }

    private static void RewriteConfig(ObjectContext context, BtfType section, Dictionary<string, BpfExternDefinition> externs)
    {
        BtfBuilder edit = context.EditBtf();
        var variables = new List<BtfSectionVariable>();
        uint size = 0;
        foreach (BtfSectionVariable variable in section.Variables)
        {
            BpfExternDefinition item = Find(context, externs, context.Btf![variable.TypeId], ExternReader.ConfigSection);
            variables.Add(variable with { Offset = item.Offset });
            edit.SetLinkage(variable.TypeId, BtfLinkage.Global);
            size = Math.Max(size, item.Offset + item.Size);
        }

        Store(edit, section, variables, size);
    }

    private static void RewriteSymbols(ObjectContext context, BtfType section, Dictionary<string, BpfExternDefinition> externs)
    {
        BtfBuilder edit = context.EditBtf();
        BtfReader btf = context.Btf!;
        BtfTypeId slotType = FindInt(btf) ?? edit.AddInt("int", SlotSize, BtfIntEncoding.Signed);
        BtfTypeId? placeholder = null;
        var variables = new List<BtfSectionVariable>();
        foreach (BtfSectionVariable variable in section.Variables)
        {
            BtfType declaration = btf[variable.TypeId];
            Find(context, externs, declaration, ExternReader.SymbolSection);
            edit.SetLinkage(declaration.Id, BtfLinkage.Global);
            BtfTypeId type = declaration.Id;
            if (declaration.Kind == BtfKind.Function)
            {
                // The kernel takes no function in a data section, and no parameter without a name in a function that is not extern.
                NameParameters(edit, btf[declaration.TypeId]);
                type = placeholder ??= edit.AddVariable(Placeholder, BtfLinkage.Global, slotType);
            }
            else
            {
                edit.SetTypeId(declaration.Id, slotType);
            }

            variables.Add(new BtfSectionVariable(type, (uint)variables.Count * SlotSize, SlotSize));
        }

        Store(edit, section, variables, (uint)variables.Count * SlotSize);
    }

    private static BpfExternDefinition Find(ObjectContext context, Dictionary<string, BpfExternDefinition> externs, BtfType declaration, string section)
    {
        if (declaration.Kind is BtfKind.Variable or BtfKind.Function && externs.TryGetValue(context.Text(declaration.NameUtf8), out BpfExternDefinition? item)) return item;
        throw new BpfFormatException(
            $"The BTF declares '{declaration.Name}', for which the object has no undefined symbol: BTF and symbols do not belong together.",
            section, null, BpfDiagnosticId.ExternWithoutSymbol);
    }

    private static void NameParameters(BtfBuilder edit, BtfType prototype)
    {
        int index = 0;
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            if (parameter.NameUtf8.IsEmpty && !parameter.TypeId.IsVoid) edit.SetEntryName(prototype.Id, index, Placeholder);
            index++;
        }
    }

    // The first integer of 32 bits, whatever its name, as libbpf takes it.
    private static BtfTypeId? FindInt(BtfReader btf)
    {
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            if (type is { Kind: BtfKind.Int, IntBits: 32 }) return type.Id;
        }

        return null;
    }

    private static void Store(BtfBuilder edit, BtfType section, List<BtfSectionVariable> variables, uint size)
    {
        variables.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        for (int i = 0; i < variables.Count; i++) edit.SetSectionVariable(section.Id, i, variables[i]);
        edit.SetSize(section.Id, size);
    }
}

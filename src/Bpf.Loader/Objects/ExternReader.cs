using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Collects the externs: undefined symbols that the BTF declares in <c>.kconfig</c> or <c>.ksyms</c>.</summary>
internal static class ExternReader
{
    public const string ConfigSection = ".kconfig";
    public const string SymbolSection = ".ksyms";

    public static void Read(ObjectContext context)
    {
        Dictionary<BtfTypeId, string>? sections = null;
        Dictionary<string, BtfTypeId>? declarations = null;
        foreach (ElfSymbol symbol in context.Symbols)
        {
            if (!IsExtern(symbol)) continue;
            sections ??= SectionsOfDeclarations(context);
            declarations ??= Declarations(context);
            BpfExternDefinition item = Make(context, symbol, sections, declarations);
            context.Externs.Add(item);
            context.ExternsBySymbol[symbol.Index] = item;
        }

        context.Externs.Sort(Compare);
        uint offset = 0;
        for (int i = 0; i < context.Externs.Count; i++)
        {
            BpfExternDefinition item = context.Externs[i];
            item.Index = i;
            if (item.Kind != BpfExternKind.KernelConfig) continue;
            ulong start = ((ulong)offset + (uint)item.Alignment - 1) / (uint)item.Alignment * (uint)item.Alignment;
            if (start + item.Size > int.MaxValue)
                throw new BpfFormatException($"The values of the kernel's configuration take more than 2 GiB with '{item.Name}'.", ConfigSection, null, BpfDiagnosticId.DataSectionTooLarge);
            item.Offset = (uint)start;
            offset = (uint)start + item.Size;
        }
    }

    private static bool IsExtern(ElfSymbol symbol) =>
        symbol.SectionIndex == 0
        && symbol.Binding is ElfSymbolBinding.Global or ElfSymbolBinding.Weak
        && symbol.Type == ElfSymbolType.None
        && !symbol.NameUtf8.IsEmpty;

    // In the order of libbpf, which fixes the layout of .kconfig: configuration by falling alignment and rising size, then symbols.
    private static int Compare(BpfExternDefinition a, BpfExternDefinition b)
    {
        if (a.Kind != b.Kind) return a.Kind.CompareTo(b.Kind);
        if (a.Kind == BpfExternKind.KernelConfig)
        {
            if (a.Alignment != b.Alignment) return b.Alignment.CompareTo(a.Alignment);
            if (a.Size != b.Size) return a.Size.CompareTo(b.Size);
        }

        return string.CompareOrdinal(a.Name, b.Name);
    }

    private static Dictionary<BtfTypeId, string> SectionsOfDeclarations(ObjectContext context)
    {
        var sections = new Dictionary<BtfTypeId, string>();
        if (context.Btf is not BtfReader btf) return sections;
        foreach (BtfTypeId id in context.DataSections)
        {
            BtfType type = btf[id];
            string name = context.Text(type.NameUtf8);
            foreach (BtfSectionVariable variable in type.Variables) sections.TryAdd(variable.TypeId, name);
        }

        return sections;
    }

    // The first variable or function of each name.
    private static Dictionary<string, BtfTypeId> Declarations(ObjectContext context)
    {
        var declarations = new Dictionary<string, BtfTypeId>(StringComparer.Ordinal);
        if (context.Btf is not BtfReader btf) return declarations;
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            if (type.Kind is BtfKind.Variable or BtfKind.Function) declarations.TryAdd(context.Text(type.NameUtf8), type.Id);
        }

        return declarations;
    }

    private static BpfExternDefinition Make(ObjectContext context, ElfSymbol symbol, Dictionary<BtfTypeId, string> sections, Dictionary<string, BtfTypeId> declarations)
    {
        string name = context.Text(symbol.NameUtf8);
        if (context.Btf is not BtfReader btf)
        {
            throw context.Fail(
                BpfDiagnosticId.ExternWithoutBtf, $"The extern '{name}' needs BTF to be found in the kernel, and the object has none.", cure: "Compile it with clang -g.");
        }

        if (!declarations.TryGetValue(name, out BtfTypeId id))
        {
            throw context.Fail(
                BpfDiagnosticId.ExternNotDeclared,
                $"The BTF does not declare the extern '{name}'. A symbol that is used and defined nowhere looks like this: declare it with __ksym, or link the object that defines it.");
        }

        BtfType declaration = btf[id];
        if (declaration.Linkage != BtfLinkage.Extern)
            throw context.Fail(BpfDiagnosticId.ExternNotExtern, $"'{name}' is used as an extern, but the BTF has it as {declaration.Linkage.ToString().ToLowerInvariant()}.");
        if (!sections.TryGetValue(declaration.Id, out string? section))
            throw context.Fail(BpfDiagnosticId.ExternWithoutSection, $"The extern '{name}' is in no section of the BTF: declare it with __kconfig or __ksym when the kernel has it, or link the object that defines it (bpftool gen object).");

        return section switch
        {
            ConfigSection => MakeConfig(context, btf, symbol, name, declaration),
            SymbolSection => MakeSymbol(btf, symbol, name, declaration),
            _ => throw context.Fail(
                BpfDiagnosticId.ExternUnknownSection,
                $"The extern '{name}' is in section '{section}': declare it with __kconfig or __ksym, or link the object that defines it (bpftool gen object)."),
        };
    }

    private static BpfExternDefinition MakeSymbol(BtfReader btf, ElfSymbol symbol, string name, BtfType declaration) => new(name, BpfExternKind.KernelSymbol)
    {
        SymbolIndex = symbol.Index,
        IsWeak = symbol.Binding == ElfSymbolBinding.Weak,
        IsFunction = declaration.Kind == BtfKind.Function,
        DeclarationId = declaration.Id,
        TypeId = btf.StripModifiers(declaration.TypeId).Id,
        EssentialName = EssentialName(symbol),
    };

    private static BpfExternDefinition MakeConfig(ObjectContext context, BtfReader btf, ElfSymbol symbol, string name, BtfType declaration)
    {
        if (declaration.Kind == BtfKind.Function)
            throw context.Fail(BpfDiagnosticId.ExternConfigFunction, $"The extern function '{name}' cannot be a value of the kernel's configuration: declare it with __ksym.");
        uint size = btf.SizeOf(declaration.TypeId);
        KernelConfigType type = ConfigType(btf, declaration.TypeId, out bool isSigned);
        if (type == KernelConfigType.None)
        {
            throw context.Fail(
                BpfDiagnosticId.ExternConfigType,
                $"The value of the kernel's configuration '{name}' has the type {btf.StripModifiers(declaration.TypeId)}; it can be bool, char, an integer of up to 8 bytes, enum libbpf_tristate, or an array of char.");
        }

        return new BpfExternDefinition(name, BpfExternKind.KernelConfig)
        {
            SymbolIndex = symbol.Index,
            IsWeak = symbol.Binding == ElfSymbolBinding.Weak,
            DeclarationId = declaration.Id,
            TypeId = btf.StripModifiers(declaration.TypeId).Id,
            ConfigType = type,
            IsSigned = isSigned,
            Size = size,
            Alignment = btf.AlignOf(declaration.TypeId),
            EssentialName = EssentialName(symbol),
        };
    }

    private static KernelConfigType ConfigType(BtfReader btf, BtfTypeId id, out bool isSigned)
    {
        isSigned = false;
        BtfType type = btf.StripModifiers(id);
        switch (type.Kind)
        {
            case BtfKind.Int:
                isSigned = (type.IntEncoding & BtfIntEncoding.Signed) != 0;
                if ((type.IntEncoding & BtfIntEncoding.Bool) != 0) return type.Size == 1 ? KernelConfigType.Bool : KernelConfigType.None;
                if (type.Size == 1) return KernelConfigType.Char;
                return type.Size <= 8 && BitOperations.IsPow2(type.Size) ? KernelConfigType.Integer : KernelConfigType.None;
            case BtfKind.Enum when type.Size == 4:
            case BtfKind.Enum64:
                return type.NameUtf8.SequenceEqual("libbpf_tristate"u8) ? KernelConfigType.Tristate : KernelConfigType.None;
            case BtfKind.Array when type.Array.Count > 0:
                BtfType element = btf.StripModifiers(type.Array.ElementTypeId);
                bool isChar = element.Kind == BtfKind.Int && element.Size == 1 && (element.IntEncoding & BtfIntEncoding.Bool) == 0;
                return isChar ? KernelConfigType.CharArray : KernelConfigType.None;
            default:
                return KernelConfigType.None;
        }
    }

    private static string EssentialName(ElfSymbol symbol) => Encoding.UTF8.GetString(BtfReader.EssentialName(symbol.NameUtf8));
}

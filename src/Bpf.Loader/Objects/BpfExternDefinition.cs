using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>An extern of an object file: something that the kernel has, to be found at the load.</summary>
public sealed class BpfExternDefinition
{
    internal BpfExternDefinition(string name, BpfExternKind kind)
    {
        Name = name;
        Kind = kind;
    }

    /// <summary>The name, with its flavor.</summary>
    public string Name { get; }

    /// <summary>What it stands for.</summary>
    public BpfExternKind Kind { get; }

    /// <summary>True when the programs can do without it.</summary>
    public bool IsWeak { get; internal init; }

    /// <summary>True for a kernel function.</summary>
    public bool IsFunction { get; internal init; }

    /// <summary>True for a kernel symbol without a type, of which only the address is wanted.</summary>
    public bool IsTypeless => Kind == BpfExternKind.KernelSymbol && TypeId.IsVoid;

    /// <summary>The variable or function in the object's BTF.</summary>
    public BtfTypeId DeclarationId { get; internal init; }

    /// <summary>The type in the object's BTF without qualifiers and typedefs; void for a typeless symbol.</summary>
    public BtfTypeId TypeId { get; internal init; }

    /// <summary>For configuration, what the variable holds.</summary>
    public KernelConfigType ConfigType { get; internal init; }

    /// <summary>For configuration, true when an integer or character is signed.</summary>
    public bool IsSigned { get; internal init; }

    /// <summary>For configuration, the size in bytes.</summary>
    public uint Size { get; internal init; }

    /// <summary>For configuration, the alignment in bytes.</summary>
    public int Alignment { get; internal init; }

    /// <summary>For configuration, the offset in the value of the map <c>.kconfig</c>.</summary>
    public uint Offset { get; internal set; }

    /// <summary>The name without its flavor (what follows the last <c>___</c>), by which kernel functions are looked up.</summary>
    public string EssentialName { get; internal init; } = "";

    /// <summary>Its number among the externs of the object, in the order of libbpf.</summary>
    internal int Index { get; set; }

    /// <summary>Its number in the symbol table.</summary>
    internal int SymbolIndex { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

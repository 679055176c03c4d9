using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>A global symbol, defined or extern, as the objects linked so far agree on it.</summary>
internal sealed class GlobalSymbol(string name, int index, LinkInput input)
{
    public string Name { get; } = name;

    /// <summary>The number of the symbol in the output.</summary>
    public int Index { get; } = index;

    /// <summary>The section that lists it: of its definition, or one of the BTF alone such as <c>.ksyms</c>.</summary>
    public OutputSection? Section { get; set; }

    /// <summary>Where it is in the list of <see cref="Section"/>; -1 when it is in none.</summary>
    public int VariableIndex { get; set; } = -1;

    public bool IsExtern { get; set; }

    /// <summary>True when the definition is a weak one, which a strong one overrides.</summary>
    /// <remarks>
    /// libbpf (6.12) also forgets that a definition is weak when an extern insists on the symbol, and then refuses a strong definition
    /// that comes later; which of the two it does depends on the order of the objects. Here the order does not count.
    /// </remarks>
    public bool IsWeak { get; set; }

    /// <summary>The object whose word counts: that of the definition, or the first one with a declaration.</summary>
    public LinkInput Input { get; set; } = input;

    /// <summary>The variable or function in the BTF of <see cref="Input"/>; void when that says nothing of it.</summary>
    public BtfTypeId InputTypeId { get; set; }

    /// <summary>The variable or function in the linked BTF; void while it is not there.</summary>
    public BtfTypeId TypeId { get; set; }

    /// <summary>The type of that variable or function in the linked BTF.</summary>
    public BtfTypeId LinkedType { get; set; }

    /// <summary>True when the type of the variable or function must be set to that of the object that is being linked.</summary>
    public bool WantsType { get; set; } = true;

    /// <summary>The type, in the object that is being linked, that it will get; null when it keeps its own.</summary>
    public BtfTypeId? NewType { get; set; }
}

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>How a type is declared.</summary>
internal enum NodeShape
{
    /// <summary>In front of the name.</summary>
    Plain,

    /// <summary>With bounds behind the name.</summary>
    Array,

    /// <summary>With parameters behind the name.</summary>
    Function,
}

using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>What reading the name of a function told about its type.</summary>
internal sealed class NameState
{
    /// <summary>The arguments of a template that it ends in, or null; with them, what the function returns stands before its parameters.</summary>
    public IReadOnlyList<Node>? Arguments { get; set; }

    /// <summary>Whether it is of a constructor, a destructor or a conversion, which return nothing that would be told.</summary>
    public bool HasNoResult { get; set; }

    /// <summary>What stands behind the parameters, such as <c> const</c>.</summary>
    public string Suffix { get; set; } = "";
}

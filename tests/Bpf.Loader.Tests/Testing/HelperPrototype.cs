namespace Bpf.Loader.Tests.Testing;

/// <summary>A helper's declaration in C.</summary>
internal sealed record HelperPrototype(string Name, int Number, string Result, string Parameters)
{
    /// <summary>The parameters.</summary>
    public string[] List => Parameters == "void" ? [] : Parameters.Split(", ");

    /// <summary>True when there may be more than are declared.</summary>
    public bool IsVariadic => Parameters.EndsWith("...", System.StringComparison.Ordinal);
}

namespace Bpf.Tool.Skeletons;

/// <summary>A type that the skeleton defines.</summary>
internal interface ITypeDefinition
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Writes its definition.</summary>
    void Write(CodeWriter code);

    /// <summary>Writes statements that check its layout.</summary>
    void WriteChecks(CodeWriter code);
}

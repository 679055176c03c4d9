using System.Collections.Generic;

namespace Bpf.Tool.Skeletons;

/// <summary>A type that the skeleton defines.</summary>
internal interface ITypeDefinition
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>The types that it is made of, those of C# among them.</summary>
    IEnumerable<string> Uses { get; }

    /// <summary>Writes its definition.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="access">Who sees it: <c>public</c> or <c>internal</c>.</param>
    /// <param name="records">Gives the types of C to those that show themselves by them.</param>
    void Write(CodeWriter code, string access, RecordTypes records);

    /// <summary>Writes statements that check its layout.</summary>
    void WriteChecks(CodeWriter code);
}

using System.Collections.Generic;

namespace Bpf.Tool.Skeletons;

/// <summary>An array of a fixed length.</summary>
/// <param name="name">Its name.</param>
/// <param name="element">The type of its elements.</param>
/// <param name="count">How many.</param>
internal sealed class ArrayDefinition(string name, CSharpType element, int count) : ITypeDefinition
{
    public string Name => name;

    public IEnumerable<string> Uses => [element.Name];

    public void Write(CodeWriter code, string access, RecordTypes records)
    {
        code.Summary($"An array of {count} <see cref=\"{element.Name}\"/>. It is indexed, enumerated and taken for a span like one.");
        code.Line($"[global::System.Runtime.CompilerServices.InlineArray({count})]");
        code.Open($"{access} struct {name}");
        code.Summary("The number of elements.");
        code.Line($"public const int Length = {count};");
        code.Gap();
        code.Line($"private {element.Name} _element;");
        code.Close();
        code.Gap();
    }

    public void WriteChecks(CodeWriter code) => code.Line($"global::Bpf.Loader.BpfLayout.CheckSize<{name}>({(long)count * element.Size});");
}

using System.Collections.Generic;

namespace Bpf.Tool.Skeletons;

/// <summary>An array of characters.</summary>
/// <param name="name">Its name.</param>
/// <param name="count">How many.</param>
internal sealed class TextDefinition(string name, int count) : ITypeDefinition
{
    public string Name => name;

    public IEnumerable<string> Uses => [];

    public void Write(CodeWriter code, string access, RecordTypes records)
    {
        code.Summary($"<c>char[{count}]</c>: UTF-8 text, ended by the first NUL or by the end of the array.");
        code.Line($"[global::System.Text.Json.Serialization.JsonConverter(typeof(global::Bpf.Loader.Records.BpfTextConverter<{name}>))]");
        code.Line($"[global::System.Runtime.CompilerServices.InlineArray({count})]");
        code.Open($"{access} struct {name} : global::System.IEquatable<{name}>");
        code.Summary("The number of bytes.");
        code.Line($"public const int Length = {count};");
        code.Gap();
        code.Line("private byte _element;");
        code.Gap();
        code.Summary("The bytes of the text, without the NUL.");
        code.Line("[global::System.Diagnostics.CodeAnalysis.UnscopedRef]");
        code.Line("public readonly global::System.ReadOnlySpan<byte> Utf8 => global::Bpf.Loader.BpfText.Trim(this);");
        code.Gap();
        code.Summary("A text as an array; one too long is cut, so that a NUL ends it.");
        code.Open($"public static implicit operator {name}(string text)");
        code.Line($"{name} array = default;");
        code.Line("global::Bpf.Loader.BpfText.Write(text, array);");
        code.Line("return array;");
        code.Close();
        code.Gap();
        code.Summary("The text.");
        code.Line("public override readonly string ToString() => global::Bpf.Loader.BpfText.Read(this);");
        code.Gap();
        code.Summary("True when the texts are the same; what is behind the NUL does not count.");
        code.Line($"public readonly bool Equals({name} other) => global::System.MemoryExtensions.SequenceEqual(Utf8, other.Utf8);");
        code.Gap();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override readonly bool Equals(object? obj) => obj is {name} other && Equals(other);");
        code.Gap();
        code.Line("/// <inheritdoc/>");
        code.Open("public override readonly int GetHashCode()");
        code.Line("global::System.HashCode hash = default;");
        code.Line("hash.AddBytes(Utf8);");
        code.Line("return hash.ToHashCode();");
        code.Close();
        code.Gap();
        code.Summary("True when the texts are the same.");
        code.Line($"public static bool operator ==({name} left, {name} right) => left.Equals(right);");
        code.Gap();
        code.Summary("True when the texts differ.");
        code.Line($"public static bool operator !=({name} left, {name} right) => !left.Equals(right);");
        code.Close();
        code.Gap();
    }

    public void WriteChecks(CodeWriter code) => code.Line($"global::Bpf.Loader.BpfLayout.CheckSize<{name}>({count});");
}

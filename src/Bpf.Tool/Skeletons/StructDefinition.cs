using System.Collections.Generic;
using System.Globalization;
using Bpf.Loader;

namespace Bpf.Tool.Skeletons;

/// <summary>A struct or union, or the variables of a section.</summary>
/// <param name="name">Its name.</param>
/// <param name="size">Its size in C.</param>
/// <param name="alignment">Its alignment in C.</param>
/// <param name="origin">What it is in C, as XML.</param>
internal sealed class StructDefinition(string name, uint size, int alignment, string origin) : ITypeDefinition
{
    // Variables of this many bytes are not put on a stack to be checked.
    private const uint LargeSize = 64 * 1024;

    private readonly List<StructField> _fields = [];

    public string Name => name;

    public uint Size => size;

    /// <summary>The names of its members.</summary>
    public NameScope Scope { get; } = new(name);

    /// <summary>False when nothing of it can be used.</summary>
    public bool HasFields => _fields.Count > 0;

    /// <summary>Adds a member.</summary>
    /// <exception cref="SkeletonException">It does not lie in the struct.</exception>
    public void Add(StructField field)
    {
        if (field.End > size && field.Kind != StructFieldKind.Omitted)
            throw new SkeletonException($"{field.C} ends at byte {field.End} of {name}, which has {size} bytes.");
        _fields.Add(field);
    }

    public void Write(CodeWriter code)
    {
        code.Summary(origin);
        code.Line($"[global::System.Runtime.InteropServices.StructLayout(global::System.Runtime.InteropServices.LayoutKind.Explicit, Size = {size}, Pack = {alignment})]");
        code.Open($"public struct {name}");
        foreach (StructField field in _fields) Write(code, field);
        code.Close();
        code.Gap();
    }

    public void WriteChecks(CodeWriter code)
    {
        code.Line($"global::Bpf.Loader.BpfLayout.CheckSize<{name}>({size});");
        if (size > LargeSize) return;
        string? local = null;
        foreach (StructField field in _fields)
        {
            if (field.Kind != StructFieldKind.Plain) continue;
            if (local is null)
            {
                local = "of" + name;
                code.Line($"{name} {local} = default;");
            }

            code.Line($"global::Bpf.Loader.BpfLayout.CheckField(in {local}, in {local}.{field.Name}, {field.Offset}, {field.Type.Size}, nameof({name}.{field.Name}));");
        }
    }

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Write(CodeWriter code, StructField field)
    {
        string c = $"<c>{CSharpNames.Xml(field.C)}</c>", type = field.Type.Name;
        switch (field.Kind)
        {
            case StructFieldKind.Plain:
                code.Summary($"{c} at byte {field.Offset}.");
                code.Line($"[global::System.Runtime.InteropServices.FieldOffset({field.Offset})]");
                code.Line($"public {type} {field.Name};");
                break;
            case StructFieldKind.Bits:
                code.Summary($"{c} at bit {field.BitOffset}.");
                WriteBits(code, field);
                break;
            case StructFieldKind.Span:
                string first = $"_first{field.Offset}";
                code.Line($"[global::System.Runtime.InteropServices.FieldOffset({field.Offset})]");
                code.Line($"private {type} {first};");
                code.Gap();
                code.Summary($"{c} at byte {field.Offset}.");
                code.Line("[global::System.Diagnostics.CodeAnalysis.UnscopedRef]");
                code.Line($"public global::System.Span<{type}> {field.Name} => global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref {first}, {field.Length});");
                break;
            case StructFieldKind.Flexible:
                code.Summary($"{c}: what follows the struct from byte {field.Offset} on.");
                code.Line("/// <param name=\"record\">The struct with all that follows it.</param>");
                code.Line($"public static global::System.ReadOnlySpan<{type}> {field.Name}(global::System.ReadOnlySpan<byte> record) =>");
                code.Line($"    global::System.Runtime.InteropServices.MemoryMarshal.Cast<byte, {type}>(record[{field.Offset}..]);");
                break;
            default:
                code.Line($"// {BpfText.Printable(field.C)}: there is no type of C# for it.");
                break;
        }

        code.Gap();
    }

    private static void WriteBits(CodeWriter code, StructField field)
    {
        string type = field.Type.Name, place = $"{Number(field.BitOffset)}, {Number((uint)field.Length)}";
        string bytes = "global::System.Runtime.InteropServices.MemoryMarshal.AsBytes(global::System.Runtime.InteropServices.MemoryMarshal.";
        string read = $"{bytes}CreateReadOnlySpan(in this, 1))", write = $"{bytes}CreateSpan(ref this, 1))";
        string value = $"global::Bpf.Loader.BpfBits.{(field.IsSigned ? "ReadSigned" : "Read")}({read}, {place})";
        code.Open($"public {type} {field.Name}");
        code.Line(type == "bool" ? $"readonly get => {value} != 0;" : $"readonly get => ({type}){value};");
        code.Line($"set => global::Bpf.Loader.BpfBits.Write({write}, {place}, {(type == "bool" ? "value ? 1UL : 0UL" : "unchecked((ulong)value)")});");
        code.Close();
    }
}

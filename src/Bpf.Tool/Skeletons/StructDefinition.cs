using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Skeletons;

/// <summary>A struct or union, or the variables of a section.</summary>
/// <param name="name">Its name.</param>
/// <param name="size">Its size in C.</param>
/// <param name="alignment">Its alignment in C.</param>
/// <param name="origin">What it is in C, as XML.</param>
/// <param name="source">The types of its object; null for the variables of a section, and what else is no type of its own.</param>
/// <param name="id">Its type among them.</param>
internal sealed class StructDefinition(string name, uint size, int alignment, string origin, BtfReader? source = null, BtfTypeId id = default) : ITypeDefinition
{
    // Variables of this many bytes are not put on a stack to be checked.
    private const uint LargeSize = 64 * 1024;

    private readonly List<StructField> _fields = [];

    public string Name => name;

    public uint Size => size;

    /// <summary>The types of its object; null when it is none of them.</summary>
    public BtfReader? Source => source;

    /// <summary>Its type in C.</summary>
    public BtfTypeId Id => id;

    public IEnumerable<string> Uses => _fields.Where(member => member.Kind != StructFieldKind.Omitted).Select(member => member.Type.Name);

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

    public void Write(CodeWriter code, string access, RecordTypes records)
    {
        string? record = records.Of(this);
        code.Summary(origin);
        if (record is not null) code.Line($"[global::System.Text.Json.Serialization.JsonConverter(typeof(global::Bpf.Loader.Records.BpfRecordConverter<{name}>))]");
        code.Line($"[global::System.Runtime.InteropServices.StructLayout(global::System.Runtime.InteropServices.LayoutKind.Explicit, Size = {size}, Pack = {alignment})]");
        code.Open($"{access} struct {name}{(record is null ? "" : $" : {Interface}")}");
        foreach (StructField field in _fields) Write(code, field);
        if (record is not null) WriteRecord(code, record);
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

    private string Interface => $"global::Bpf.Loader.Records.IBpfRecord<{name}>";

    private void WriteRecord(CodeWriter code, string record)
    {
        code.Line($"static global::Bpf.Loader.Records.BpfRecordType {Interface}.RecordType => {record};");
        code.Gap();
        code.Summary("The struct as text, by the names that its members have in C.");
        code.Line($"public override readonly string ToString() => {record}.Format(in this);");
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
                WriteNetwork(code, field, c);
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

    private static void WriteNetwork(CodeWriter code, StructField field, string c)
    {
        string type = field.Type.Name;
        if (field.Address is not null)
        {
            code.Gap();
            code.Summary($"{c} as an address; <see cref=\"{field.Name}\"/> has its bytes, in network order.");
            code.Line($"/// <exception cref=\"global::System.ArgumentException\">It is set to an IPv6 address, and has room for IPv4 only.</exception>");
            code.Open($"public global::System.Net.IPAddress {field.Address}");
            code.Line($"readonly get => global::Bpf.Loader.Records.BpfAddress.Read(in {field.Name});");
            code.Line($"set => {field.Name} = global::Bpf.Loader.Records.BpfAddress.Of<{type}>(value);");
            code.Close();
        }

        if (field.HostOrder is not null)
        {
            string bytes = "global::System.Buffers.Binary.BinaryPrimitives.ReverseEndianness", little = "global::System.BitConverter.IsLittleEndian";
            code.Gap();
            code.Summary($"{c} in the byte order of this machine; <see cref=\"{field.Name}\"/> has it as it is on the wire, in network order.");
            code.Open($"public {type} {field.HostOrder}");
            code.Line($"readonly get => {little} ? {bytes}({field.Name}) : {field.Name};");
            code.Line($"set => {field.Name} = {little} ? {bytes}(value) : value;");
            code.Close();
        }
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

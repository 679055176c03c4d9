using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Records;
using Bpf.Tool.Events;
using Xunit;

namespace Bpf.Loader.Tests.Skeletons;

/// <summary>What the structs say of themselves: JSON, text, names and values, addresses.</summary>
public sealed partial class SkeletonTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };
    private static readonly JsonSerializerOptions AsBpfRun = new() { Encoder = Bpf.Tool.Output.JsonLines.Options.Encoder };

    private const string Records = "data_records.bpf.o";

    /// <summary>What a struct of any type does.</summary>
    private interface IRecordShow
    {
        string Text(byte[] bytes);

        string Json(byte[] bytes);

        byte[] FromJson(string json);

        IReadOnlyList<KeyValuePair<string, object?>> Values(byte[] bytes);

        BpfRecordType Type { get; }
    }

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void Structs_show_what_bpf_run_prints_and_are_read_again(string name)
    {
        BtfReader? btf = BpfObjectFile.Read(TestData.Read(name)).Btf;
        var random = new Random(7);
        foreach (Type type in skeletons[name].GetNestedTypes().Where(IsRecord))
        {
            IRecordShow record = Show(type);
            byte[] bytes = new byte[SizeOf(type)];
            for (int round = 0; round < 4; round++)
            {
                // Nothing, then what is text, then anything at all, which is text for the most part only.
                if (round > 0) random.NextBytes(bytes);
                if (round < 3) bytes = Array.ConvertAll(bytes, b => (byte)(b & 0x7f));
                string json = record.Json(bytes);
                byte[] again = record.FromJson(json);
                if (round < 3) Assert.Equal(json, record.Json(again));
                Assert.Equal(again, record.FromJson(record.Json(again)));
                Compare(record, btf!, bytes, json);
            }
        }
    }

    // What the same bytes are to bpf run, by the object's own types; those without a name are found as parts of others.
    private static void Compare(IRecordShow record, BtfReader btf, byte[] bytes, string json)
    {
        if (btf.IsBigEndian == BitConverter.IsLittleEndian || record.Type.Name.Length == 0) return;
        if (!btf.TryFind(record.Type.Name, BtfKind.Struct, out BtfTypeId id) && !btf.TryFind(record.Type.Name, BtfKind.Union, out id)) return;
        if (btf.SizeOf(id) != bytes.Length) return; // of several by that name, another
        using var output = new MemoryStream();
        using (var printer = new JsonEventPrinter(output, btf))
        {
            printer.Print(new EventType("events", record.Type.Name, id), -1, bytes);
            printer.Flush();
        }

        string line = Encoding.UTF8.GetString(output.ToArray()).TrimEnd();
        string members = line[(line.IndexOf("\"@type\":", StringComparison.Ordinal) + 8 + JsonSerializer.Serialize(record.Type.Name).Length)..];
        if (json[0] == '{' && record.Type.Names.Count > 0) Assert.Equal("," + json[1..], members);

        // A whole line of its output is read as well: what the command adds is passed over.
        if (json[0] == '{') Assert.Equal(record.FromJson(json), record.FromJson(line));

        using var fields = new EventFields(btf);
        Assert.Equal(fields.Format(id, bytes), record.Text(bytes));
        IReadOnlyList<(string Name, string Text, bool IsNumber)> columns = fields.Read(id, bytes);
        IReadOnlyList<KeyValuePair<string, object?>> values = record.Values(bytes);
        Assert.Equal(columns.Select(column => column.Name), values.Select(value => value.Key));
        Assert.Equal(values.Count, values.ToArray().Length);
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].IsNumber && values[i].Value is not double) Assert.Equal(columns[i].Text, values[i].Value!.ToString());
        }
    }

    [Fact]
    public void A_record_is_JSON_text_and_values()
    {
        byte[] bytes = First();
        IRecordShow record = Show(skeletons[Records].GetNestedType("Record")!);
        string json = record.Json(bytes);
        Assert.Equal(bytes, record.FromJson(json)); // no padding in it has values
        var shown = new StringBuilder(JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement, Indented)).Append("\n\n");
        shown.Append(record.Text(bytes)).Append("\n\n");
        foreach ((string key, object? value) in record.Values(bytes))
            shown.Append(key).Append(": ").Append(value is Array array ? $"[{string.Join(", ", array.Cast<object>())}]" : value).Append(" (").Append(value?.GetType().Name).Append(")\n");
        Snapshot.Match(shown.ToString());
    }

    [Fact]
    public void A_record_is_taken_for_the_tags_of_an_activity()
    {
        Type type = skeletons[Records].GetNestedType("Record")!;
        var tags = new ActivityTagsCollection((IEnumerable<KeyValuePair<string, object?>>)Struct(type, First()));
        Assert.Equal(42L, tags["pid"]);
        Assert.Equal("10.0.0.1", tags["saddr"]);
        Assert.Equal(53L, tags["local.port"]);
        Assert.Equal(new[] { 7L, 8L, 9L }, tags["counts"]);
    }

    [Theory]
    [InlineData("Saddr", "10.0.0.1", "10.9.8.7")]
    [InlineData("Gateway", "10.0.0.254", "10.9.8.7")]
    [InlineData("Source", "fe80::1", "2001:db8::5")]
    [InlineData("Destination", "2001:db8::2", "::ffff:10.9.8.7")]
    [InlineData("Router", "::1", "2001:db8::5")]
    [InlineData("Plain", "127.0.0.1", "10.9.8.7")]
    public void Addresses_are_had_and_set(string field, string expected, string other)
    {
        object record = Struct(skeletons[Records].GetNestedType("Record")!, First());
        PropertyInfo property = record.GetType().GetProperty(field + "Address")!;
        Assert.Equal(System.Net.IPAddress.Parse(expected), property.GetValue(record));
        property.SetValue(record, System.Net.IPAddress.Parse(other));
        Assert.Equal(System.Net.IPAddress.Parse(other), property.GetValue(record));
        Assert.Contains($"\"{other}\"", JsonSerializer.Serialize(record, record.GetType()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sport", (ushort)443, (ushort)80)]
    [InlineData("Number", (ushort)8080, (ushort)80)]
    [InlineData("Sequence", 77u, 78u)]
    [InlineData("Saddr", 0x0a000001u, 0x0a000002u)]
    [InlineData("Key", 12ul, 13ul)]
    public void Numbers_on_the_wire_are_had_and_set_in_host_order(string field, object expected, object other)
    {
        object record = Struct(skeletons[Records].GetNestedType("Record")!, First());
        PropertyInfo property = record.GetType().GetProperty(field + "HostOrder")!;
        Assert.Equal(expected, property.GetValue(record));
        property.SetValue(record, other);
        Assert.Equal(other, property.GetValue(record));
        object raw = record.GetType().GetField(field)!.GetValue(record)!;
        Assert.Equal(BitConverter.IsLittleEndian, !raw.Equals(other));
    }

    [Theory]
    [InlineData("""{"pid":-1}""", "pid is to be a number of 32 bits, and is -1.")]
    [InlineData("""{"pid":4294967296}""", "pid is to be a number of 32 bits, and is 4294967296.")]
    [InlineData("""{"pid":"1"}""", "pid is to be a number of 32 bits, and is 1.")]
    [InlineData("""{"flags":8}""", "flags is to be a number of 3 bits, and is 8.")]
    [InlineData("""{"level":-17}""", "level is to be a number of 5 bits, and is -17.")]
    [InlineData("""{"comm":"12345678901234567"}""", "comm has room for 16 bytes, and the text has 17.")]
    [InlineData("""{"comm":5}""", "comm is to be a text, and is 5.")]
    [InlineData("""{"counts":[1,2,3,4]}""", "counts has more than 3 elements.")]
    [InlineData("""{"counts":{}}""", "counts is to be an array, and is an object.")]
    [InlineData("""{"local":[]}""", "local is to be an object, and is an array.")]
    [InlineData("""{"verdict":"VERDICT_NEVER"}""", "has no 'VERDICT_NEVER'")]
    [InlineData("""{"saddr":"::1"}""", "saddr is to be an IPv4 address, and is ::1.")]
    [InlineData("""{"source":"10.0.0.1"}""", "source is to be an IPv6 address, and is 10.0.0.1.")]
    [InlineData("""{"sport":65536}""", "sport is to be a number of 16 bits without a sign, and is 65536.")]
    [InlineData("""{"is_set":1}""", "is_set is to be true or false, and is 1.")]
    [InlineData("5", "the value is to be an object, and is 5.")]
    public void What_is_no_value_of_a_struct_is_refused(string json, string message)
    {
        IRecordShow record = Show(skeletons[Records].GetNestedType("Record")!);
        JsonException refusal = Assert.Throws<JsonException>(() => record.FromJson(json));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_no_member_has_are_passed_over_or_refused_as_the_options_say()
    {
        Type type = skeletons[Records].GetNestedType("Record")!;
        Assert.Equal("{", JsonSerializer.Serialize(JsonSerializer.Deserialize("""{"nothing":{"pid":1},"pid":2}""", type), type)[..1]);
        var strict = new JsonSerializerOptions { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };
        Assert.Contains("There is no member 'nothing'.", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"nothing":1}""", type, strict)).Message, StringComparison.Ordinal);
    }

    // Rows of a list, values of a dictionary: wherever the serializer meets one.
    [Fact]
    public void Structs_in_other_objects_are_JSON_as_well()
    {
        Type type = skeletons[Records].GetNestedType("Endpoint")!;
        object one = Struct(type, [0, 80, 0, 0, 1, 2, 3, 4]);
        Assert.Equal("""{"a":[{"port":80,"address":"1.2.3.4"}]}""", JsonSerializer.Serialize(new Dictionary<string, object[]> { ["a"] = [one] }));
    }

    [Fact]
    public void Texts_by_themselves_are_JSON_as_well()
    {
        Type record = skeletons[Records].GetNestedType("Record")!, type = record.GetField("Comm")!.FieldType;
        object comm = record.GetField("Comm")!.GetValue(Struct(record, First()))!;
        Assert.Equal("""{"comm":"sh\u0022\u0001"}""", JsonSerializer.Serialize(new Dictionary<string, object> { ["comm"] = comm }));
        Assert.Equal(comm, JsonSerializer.Deserialize(JsonSerializer.Serialize(comm, type), type));
        Assert.Contains("the text has room for 16 bytes, and the text has 17.", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("\"12345678901234567\"", type)).Message, StringComparison.Ordinal);
    }

    private static byte[] First() => BpfObjectFile.Read(TestData.Read(Records)).Globals["first"].Bytes.ToArray();

    private static bool IsRecord(Type type) => type.IsValueType && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IBpfRecord<>));

    private static IRecordShow Show(Type type) => (IRecordShow)Activator.CreateInstance(typeof(RecordShow<>).MakeGenericType(type))!;

    private static object Struct(Type type, byte[] bytes) => typeof(RecordShow<>).MakeGenericType(type).GetMethod("Struct")!.Invoke(null, [bytes])!;

    private sealed class RecordShow<T> : IRecordShow
        where T : unmanaged, IBpfRecord<T>
    {
        public BpfRecordType Type => T.RecordType;

        public static T Struct(byte[] bytes) => MemoryMarshal.Read<T>(bytes);

        // As the command writes it.
        public string Json(byte[] bytes) => JsonSerializer.Serialize(Struct(bytes), AsBpfRun);

        public string Text(byte[] bytes) => Struct(bytes).ToString()!;

        public byte[] FromJson(string json)
        {
            T record = JsonSerializer.Deserialize<T>(json);
            return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)).ToArray();
        }

        public IReadOnlyList<KeyValuePair<string, object?>> Values(byte[] bytes) => Struct(bytes);
    }
}

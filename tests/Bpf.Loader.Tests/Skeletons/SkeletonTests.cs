using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Tool.Events;
using Bpf.Tool.Skeletons;
using Xunit;

namespace Bpf.Loader.Tests.Skeletons;

public sealed partial class SkeletonTests(CompiledSkeletons skeletons) : IClassFixture<CompiledSkeletons>
{
    private static readonly MethodInfo SizeOfMethod = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;

    [Fact]
    public void Classes_of_all_objects_compile_without_warnings() =>
        Assert.Empty(skeletons.Diagnostics.Where(diagnostic => diagnostic.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning).Take(10));

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void Structs_have_the_layout_that_they_check_themselves(string name) =>
        skeletons[name].GetMethod("VerifyLayout")!.Invoke(null, null);

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void Sections_have_every_variable_where_the_object_has_it(string name)
    {
        var file = BpfObjectFile.Read(TestData.Read(name));
        foreach (BpfGlobal global in file.Globals)
        {
            if (global.IsStatic || EventTypes.IsConvention(file, global)) continue;
            string section = CSharpNames.Pascal((global.Map.IsInternal ? global.Map.SectionName : global.Map.Name).TrimStart('.'));
            Type type = skeletons[name].GetNestedTypes().Single(candidate => candidate.Name == section + "Section");
            Assert.Equal(global.Map.IsInternal ? (int)global.Map.ValueSize : global.Map.InitialValue.Length, SizeOf(type));
            FieldInfo? field = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SingleOrDefault(field => OffsetOf(field) == global.Offset);
            Assert.True(field is not null, $"{global} has no field.");
            // Too much for a field is a span over its first element.
            if (field.IsPublic) Assert.Equal((int)global.Size, SizeOf(field.FieldType));
            else Assert.True(global.Size > TypeTable.MaximumArray);
        }
    }

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void Named_structs_have_every_member_where_BTF_has_it(string name)
    {
        if (BpfObjectFile.Read(TestData.Read(name)).Btf is not { } btf) return;
        Dictionary<string, Type> types = skeletons[name].GetNestedTypes().Where(type => type.IsValueType && !type.IsEnum).ToDictionary(type => type.Name);
        for (int i = 1; i < btf.TypeCount; i++)
        {
            BtfType composite = btf[new BtfTypeId(i)];
            if (!composite.IsComposite || !types.TryGetValue(CSharpNames.Pascal(composite.Name), out Type? type) || SizeOf(type) != composite.Size) continue;
            foreach (BtfMember member in composite.Members)
            {
                if (member.IsAnonymous || member.BitFieldSize != 0 || btf.SizeOf(member.TypeId) == 0) continue;
                string wanted = CSharpNames.Pascal(member.Name);
                FieldInfo[] fields = [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public).Where(field => field.Name.StartsWith(wanted, StringComparison.Ordinal) && OffsetOf(field) == member.BitOffset / 8)];
                Assert.True(fields.Length == 1, $"{composite} has {fields.Length} fields for {member.Name} at {member.BitOffset / 8}.");
                Assert.Equal(btf.SizeOf(member.TypeId), (uint)SizeOf(fields[0].FieldType));
            }
        }
    }

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void Views_of_maps_have_types_of_their_sizes(string name)
    {
        var file = BpfObjectFile.Read(TestData.Read(name));
        Type maps = skeletons[name].GetNestedType("MapSet")!;
        List<BpfMapDefinition> definitions = [.. file.Maps.Where(map => !map.IsInternal)];
        PropertyInfo[] views = maps.GetProperties();
        Assert.Equal(definitions.Count, views.Length);
        for (int i = 0; i < views.Length; i++)
        {
            Type[] arguments = views[i].PropertyType.GetGenericArguments();
            BpfMapDefinition map = definitions[i];
            string view = views[i].PropertyType.Name;
            if (view is "BpfMap`2" or "BpfPerCpuMap`2") Assert.Equal([(int)map.KeySize, (int)map.ValueSize], arguments.Select(SizeOf));
            else if (view == "BpfLpmTrie`2") Assert.Equal([(int)map.KeySize - 4, (int)map.ValueSize], arguments.Select(SizeOf));
            else if (view is "BpfQueue`1" or "BpfBloomFilter`1" or "BpfStorageMap`1") Assert.Equal((int)map.ValueSize, SizeOf(arguments[0]));
            else if (view is "BpfMapOfMaps`1" or "BpfSocketHash`1") Assert.Equal((int)map.KeySize, SizeOf(arguments[0]));
        }
    }

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void A_class_carries_its_object(string name)
    {
        var file = (BpfObjectFile)skeletons[name].GetMethod("OpenFile")!.Invoke(null, [null])!;
        var expected = BpfObjectFile.Open(TestData.PathOf(name));
        Assert.Equal((expected.Name, expected.License), (file.Name, file.License));
        Assert.Equal(expected.Programs.Select(program => program.ToString()), file.Programs.Select(program => program.ToString()));
        Assert.Equal(expected.Maps.Select(map => map.ToString()), file.Maps.Select(map => map.ToString()));
        object description = skeletons[name].GetMethod("Open")!.Invoke(null, [null])!;
        foreach (string set in new[] { "Programs", "Maps" })
        {
            object definitions = description.GetType().GetProperty(set)!.GetValue(description)!;
            Assert.All(definitions.GetType().GetProperties(), property => Assert.NotNull(property.GetValue(definitions)));
        }
    }

    [Theory]
    [InlineData("execsnoop.bpf.o")]
    [InlineData("maps_simple.bpf.o")]
    [InlineData("data_types.bpf.o")]
    public void The_text_is_as_it_was_agreed(string name)
    {
        string text = SkeletonGenerator.Generate(TestData.Read(name), new SkeletonOptions { FileName = name, ClassName = "Skeleton", Namespace = "Agents", Resource = name });
        Snapshot.Match(text, name.Split('.')[0]);
    }

    [Theory]
    [MemberData(nameof(CompiledSkeletons.Objects), MemberType = typeof(CompiledSkeletons))]
    public void The_class_of_a_part_names_all_that_is_not_static(string name)
    {
        var file = BpfObjectFile.Read(TestData.Read(name));
        Type part = skeletons.PartOf(name);
        part.GetMethod("VerifyLayout")!.Invoke(null, null);
        object description = part.GetNestedType("Description")!.GetMethod("Of")!.Invoke(null, [file])!;
        foreach (string set in new[] { "Programs", "Maps" })
        {
            object definitions = description.GetType().GetProperty(set)!.GetValue(description)!;
            Assert.All(definitions.GetType().GetProperties(), property => Assert.NotNull(property.GetValue(definitions)));
        }

        Assert.Equal(
            file.Globals.Count(global => !global.IsStatic && global.Map.IsInternal && !EventTypes.IsConvention(file, global)),
            part.GetNestedTypes().Where(type => type.Name.EndsWith("Variables", StringComparison.Ordinal)).Sum(type => type.GetProperties().Length));
    }

    // A struct of C with such a name gets another in the class.
    [Fact]
    public void No_type_of_C_takes_the_name_of_a_member_that_every_class_has()
    {
        SkeletonOptions options = new() { FileName = "bench_probes.bpf.o", ClassName = "Probes" };
        byte[] image = TestData.Read("bench_probes.bpf.o"), data = TestData.Read("data_globals.bpf.o");
        Assert.Empty(Members(SkeletonGenerator.Generate(image, options)).Except([.. SkeletonModel.Fixed, "Probes"]));
        Assert.Empty(Members(SkeletonGenerator.Generate(image, options with { IsLight = true })).Except([.. SkeletonModel.Fixed, "Probes", "RecordTypes"]));

        // What a part finds its variables by is there when it has some.
        string[] without = [.. Members(SubSkeletonGenerator.Generate(image, options))], with = [.. Members(SubSkeletonGenerator.Generate(data, options))];
        Assert.Contains("Find", with);
        Assert.Empty(without.Concat(with.Where(name => name is "Find" or "Check")).Except([.. SubSkeletonModel.Fixed, "Probes"]));
    }

    private static IEnumerable<string> Members(string text) => text.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line.Length > 4 && char.IsLetter(line[4]))
        .Select(line => System.Text.RegularExpressions.Regex.Match(line.Split(" : ")[0], @"^    (?:public|private|internal) [\w .<>,?:\[\]]*?\b(?:class |struct )?(\w+)(?:\(| =>| \{|$|;)")).Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct();

    [Fact]
    public void The_text_of_a_part_is_as_it_was_agreed() => Snapshot.Match(SubSkeletonGenerator.Generate(
        TestData.Read("execsnoop.bpf.o"), new SkeletonOptions { FileName = "execsnoop.bpf.o", ClassName = "Part", Namespace = "Agents" }));

    [Fact]
    public void The_text_of_a_light_class_is_as_it_was_agreed()
    {
        string text = SkeletonGenerator.Generate(TestData.Read("execsnoop.bpf.o"), new SkeletonOptions { FileName = "execsnoop.bpf.o", ClassName = "Skeleton", Namespace = "Agents", IsLight = true });

        // Bytes would change with every instruction of the loader.
        string[] lines = [.. text.Split('\n').Where(line => line.TrimStart().Length == 0 || !char.IsAsciiDigit(line.TrimStart()[0]))];
        Snapshot.Match(string.Join('\n', lines));
    }

    [Fact]
    public void The_same_object_gives_the_same_text() =>
        Assert.Equal(CompiledSkeletons.Generate("data_types.bpf.o"), CompiledSkeletons.Generate("data_types.bpf.o"));

    [Fact]
    public void A_type_that_is_asked_for_is_there()
    {
        var options = new SkeletonOptions { FileName = "execsnoop.bpf.o", ClassName = "Skeleton", Resource = "it", Types = ["trace_event_raw_sched_process_exec"] };
        Assert.Contains("struct TraceEventRawSchedProcessExec", SkeletonGenerator.Generate(TestData.Read("execsnoop.bpf.o"), options), StringComparison.Ordinal);
        Assert.Throws<SkeletonException>(() => SkeletonGenerator.Generate(TestData.Read("execsnoop.bpf.o"), options with { Types = ["no_such_type"] }));
    }

    /// <summary>Sizes, lengths and places (of bits) that are the largest or run over when they are multiplied, each in turn: a class, or a refusal.</summary>
    [Theory]
    [InlineData("data_types.bpf.o")]
    [InlineData("execsnoop.bpf.o")]
    public void Types_that_no_memory_holds_are_shown_or_refused(string name)
    {
        byte[] image = TestData.Read(name);
        var options = new SkeletonOptions { FileName = "large.bpf.o", ClassName = "Skeleton", Resource = "it" };
        int shown = 0;
        foreach (int place in SizesOf(image))
        {
            foreach (uint value in (uint[])[uint.MaxValue, 1u << 31, (1u << 29) + 1, int.MaxValue])
            {
                byte[] large = [.. image];
                BinaryPrimitives.WriteUInt32LittleEndian(large.AsSpan(place), value);
                Exception? refusal = Record.Exception(() => SkeletonGenerator.Generate(large, options));
                Assert.True(refusal is null or BpfFormatException or SkeletonException, $"{value} at {place}: {refusal}");
                if (refusal is null) shown++;
            }
        }

        Assert.True(shown > 20, $"only {shown} were shown");
    }

    [Fact]
    public void Damaged_objects_are_refused_and_nothing_else()
    {
        byte[] image = TestData.Read("data_types.bpf.o");
        var options = new SkeletonOptions { FileName = "damaged.bpf.o", ClassName = "Skeleton", Resource = "it" };
        var random = new Random(6);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. image];
            for (int flips = 0; flips < 4; flips++) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Exception? refusal = Record.Exception(() => SkeletonGenerator.Generate(damaged, options));
            Assert.True(refusal is null or BpfFormatException or SkeletonException, refusal?.ToString());
        }
    }

    // Where the BTF of an object has sizes of types, lengths of arrays, and places of members and variables.
    private static IEnumerable<int> SizesOf(byte[] image)
    {
        const int Integer = 1, Array = 3, Struct = 4, Union = 5, Enumeration = 6, Prototype = 13, Variable = 14, Section = 15, Tag = 17, Enumeration64 = 19;
        int start = image.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x9f, 0xeb, 1, 0, 24, 0, 0, 0]); // of .BTF; the header of .BTF.ext is longer
        int end = start + 24 + (int)Read(start + 12);
        for (int at = start + 24 + (int)Read(start + 8); at < end;)
        {
            int kind = (int)(Read(at + 4) >> 24) & 31, count = (int)Read(at + 4) & 0xffff, next = at + 12;
            if (kind is Integer or Struct or Union or Enumeration or Section or Enumeration64) yield return at + 8;
            if (kind == Array) yield return at + 20;
            for (int i = 0; kind is Struct or Union or Section && i < count; i++) yield return next + (12 * i) + (kind == Section ? 4 : 8);
            if (kind == Section)
                for (int i = 0; i < count; i++) yield return next + (12 * i) + 8;
            at = next + kind switch
            {
                Integer or Variable or Tag => 4,
                Array => 12,
                Struct or Union or Section or Enumeration64 => 12 * count,
                Enumeration or Prototype => 8 * count,
                _ => 0,
            };
        }

        uint Read(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(offset));
    }

    private static int SizeOf(Type type) => (int)SizeOfMethod.MakeGenericMethod(type).Invoke(null, null)!;

    private static long OffsetOf(FieldInfo field) => field.GetCustomAttribute<FieldOffsetAttribute>()!.Value;
}

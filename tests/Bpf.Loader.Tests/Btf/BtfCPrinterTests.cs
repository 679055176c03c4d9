using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

public class BtfCPrinterTests
{
    public static TheoryData<string> Objects() => [.. TestData.GoodObjects().Select(row => row.Data).Where(name => !name.Contains('/', StringComparison.Ordinal))];

    private static string Dump(BtfReader btf)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new BtfCPrinter(btf).WriteAll(text);
        return text.ToString();
    }

    [Fact]
    public void The_kernels_types_compile_and_keep_their_layout()
    {
        if (BtfSamples.Kernel is not { } kernel)
        {
            Assert.Skip("This machine has no kernel BTF.");
            return;
        }

        // All types by assertions that the compiler checks, which is quick; then the compiler's own account of bit-fields and enums.
        string first = Dump(kernel);
        var names = new BtfCNames();
        var asserted = new StringBuilder(first);
        int count = 0;
        foreach (BtfType type in Named(kernel))
        {
            string tag = $"{BtfCNames.Keyword(type)} {names.Tag(type)}";
            if (HoldsVariableArguments(kernel, type.Id)) continue;
            asserted.Append($"_Static_assert(sizeof({tag}) == {type.Size}, \"size of {tag}\");\n");
            AssertOffsets(asserted, tag, type, 0);
            count++;
        }

        Assert.True(count > 5000);
        Clang.Check(asserted.ToString());
        Compare(kernel, first, type => type.IsEnum || HasBitFields(type));
        Assert.Equal(first, Dump(kernel));
    }

    [Fact]
    public void The_header_declares_what_a_program_can_use()
    {
        if (BtfSamples.Kernel is not { } kernel)
        {
            Assert.Skip("This machine has no kernel BTF.");
            return;
        }

        using var text = new StringWriter { NewLine = "\n" };
        new BtfCPrinter(kernel).WriteHeader(text);
        BtfType? kfunc = Enumerable.Range(1, kernel.TypeCount - 1).Select(i => kernel[new BtfTypeId(i)])
            .Where(t => t.Kind == BtfKind.DeclarationTag && t.Name == "bpf_kfunc").Select(t => (BtfType?)kernel[t.TypeId]).FirstOrDefault();
        string use = text.ToString() + "int pid(struct task_struct *task) { return task->tgid; }\n"
            + (kfunc is null ? "" : $"void *address(void) {{ return {kfunc.Value.Name}; }}\n");
        BtfReader compiled = Clang.Compile(use, out BtfExtReader ext);
        Assert.Contains(ext.CoReRecords.SelectMany(s => s), r => compiled[r.TypeId].Name == "task_struct" && r.Kind == CoReKind.FieldByteOffset);
        if (kfunc is not null) Assert.Equal(BtfLinkage.Extern, compiled[compiled.Find(kfunc.Value.Name, BtfKind.Function)].Linkage);
    }

    [Theory, MemberData(nameof(Objects))]
    public void The_types_of_every_object_compile_and_keep_their_layout(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        Compare(btf, Dump(btf), _ => true);
    }

    private static IEnumerable<BtfType> Named(BtfReader btf) => Enumerable.Range(1, btf.TypeCount - 1).Select(id => btf[new BtfTypeId(id)])
        .Where(type => !type.NameUtf8.IsEmpty && (type.IsComposite || (type.IsEnum && type.VariableLength != 0)));

    private static bool HasBitFields(BtfType type) =>
        type.KindFlag || type.Members.Any(m => m.IsAnonymous && type.Reader[m.TypeId].IsComposite && HasBitFields(type.Reader[m.TypeId]));

    /// <summary>Asserts where the members are, those of anonymous members too.</summary>
    private static void AssertOffsets(StringBuilder text, string tag, BtfType type, uint start)
    {
        foreach (BtfMember member in type.Members)
        {
            uint at = start + member.BitOffset;
            if (member.BitFieldSize != 0) continue;
            if (!member.IsAnonymous) text.Append($"_Static_assert(__builtin_offsetof({tag}, {member.Name}) == {at / 8}, \"place of {tag}.{member.Name}\");\n");
            else if (type.Reader[member.TypeId] is { IsComposite: true } inner) AssertOffsets(text, tag, inner, at);
        }
    }

    /// <summary>Compiles what was printed with a use of the types, and compares the compiler's types with those printed.</summary>
    private static void Compare(BtfReader printed, string text, Func<BtfType, bool> isWanted)
    {
        var names = new BtfCNames();
        StringBuilder uses = new StringBuilder(text).Append("int use_nothing;\n");
        List<(string Tag, BtfType Type)> types = [];
        foreach (BtfType type in Named(printed))
        {
            string tag = names.Tag(type);
            if (!isWanted(type) || HoldsVariableArguments(printed, type.Id)) continue;
            types.Add((tag, type));
            uses.Append($"{BtfCNames.Keyword(type)} {tag} *use_{type.Id.Value};\n");
        }

        BtfReader compiled = Clang.Compile(uses.ToString());
        foreach ((string tag, BtfType type) in types)
        {
            BtfKind kind = type.IsEnum && compiled.TryFind(tag, BtfKind.Enum, out _) ? BtfKind.Enum : type.Kind;
            Compare(type, compiled[compiled.Find(tag, kind)], tag);
        }
    }

    private static void Compare(BtfType expected, BtfType actual, string path)
    {
        if (expected.IsEnum)
        {
            // Enumerators may be renamed, since theirs is one name space with all others.
            Assert.True(expected.Size == actual.Size, $"{path} has {actual.Size} bytes instead of {expected.Size}.");
            long mask = expected.Size == 8 ? -1 : uint.MaxValue;
            Assert.Equal(expected.Enumerators.Select(e => e.Value & mask), actual.Enumerators.Select(e => e.Value & mask));
            return;
        }

        Assert.Equal(expected.Kind, actual.Kind);
        Assert.True(expected.Size == actual.Size, $"{path} has {actual.Size} bytes instead of {expected.Size}.");
        BtfMember[] members = [.. actual.Members.Where(m => !m.Name.StartsWith("__gap_", StringComparison.Ordinal))];
        Assert.True(expected.Members.Count == members.Length, $"{path} has {members.Length} members instead of {expected.Members.Count}.");
        for (int i = 0; i < members.Length; i++)
        {
            BtfMember one = expected.Members[i], two = members[i];
            string at = $"{path}.{one.Name}";
            Assert.Equal(at, $"{path}.{two.Name}");
            Assert.True((one.BitOffset, Width(one, expected.Reader)) == (two.BitOffset, Width(two, actual.Reader)),
                $"{at}: bits {one.BitOffset}+{one.BitFieldSize} became {two.BitOffset}+{two.BitFieldSize}");
            BtfType oneType = Strip(expected.Reader, one.TypeId, out string oneShape), twoType = Strip(actual.Reader, two.TypeId, out string twoShape);
            Assert.Equal($"{at} {oneShape}", $"{at} {twoShape}");
            if (oneType.NameUtf8.IsEmpty && (oneType.IsComposite || oneType.IsEnum)) Compare(oneType, twoType, at);
        }
    }

    /// <summary>True for what holds a va_list by value: the kernel's machine and BPF do not agree on its size.</summary>
    private static bool HoldsVariableArguments(BtfReader btf, BtfTypeId id)
    {
        BtfType type = btf[id];
        return type.Kind switch
        {
            BtfKind.Typedef => type.Name == "__builtin_va_list" || HoldsVariableArguments(btf, type.TypeId),
            BtfKind.Const or BtfKind.Volatile => HoldsVariableArguments(btf, type.TypeId),
            BtfKind.Array => HoldsVariableArguments(btf, type.Array.ElementTypeId),
            BtfKind.Struct or BtfKind.Union => type.Members.Any(m => HoldsVariableArguments(btf, m.TypeId)),
            _ => false,
        };
    }

    /// <summary>Bit-fields as wide as their type may be written either way.</summary>
    private static long Width(BtfMember member, BtfReader btf) =>
        member.BitFieldSize != 0 ? member.BitFieldSize : btf.TryGetSize(member.TypeId, out uint size) ? size * 8L : 0;

    /// <summary>What is behind pointers, arrays and qualifiers, and what these are.</summary>
    private static BtfType Strip(BtfReader btf, BtfTypeId id, out string shape)
    {
        shape = "";
        while (true)
        {
            BtfType type = btf[id];
            switch (type.Kind)
            {
                case BtfKind.Typedef when type.Name == "__builtin_va_list":
                    // Each compiler has its own.
                    shape += "va_list";
                    return btf[BtfTypeId.Void];
                case BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                    id = type.TypeId;
                    continue;
                case BtfKind.Pointer:
                    // Behind a pointer the compiler may leave a declaration.
                    shape += "*";
                    BtfType target = btf.StripModifiers(type.TypeId);
                    if (target.IsComposite || target.Kind == BtfKind.Forward) return btf[BtfTypeId.Void];
                    id = type.TypeId;
                    continue;
                case BtfKind.Array:
                    shape += $"[{type.Array.Count}]";
                    id = type.Array.ElementTypeId;
                    continue;
                case BtfKind.FunctionPrototype:
                    shape += $"({string.Join(",", type.Parameters.Select(p => Shape(btf, p.TypeId)))})";
                    id = type.TypeId;
                    continue;
                case BtfKind.Int or BtfKind.Float:
                    shape += $"{type.Kind} {type.Size} {(type.Size == 1 ? "" : type.IntEncoding)}";
                    return type;
                case BtfKind.Enum64:
                    shape += "Enum";
                    return type;
                default:
                    shape += type.Kind;
                    return type;
            }
        }
    }

    private static string Shape(BtfReader btf, BtfTypeId id)
    {
        _ = Strip(btf, id, out string shape);
        return shape;
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Laws that hold for every object there is.</summary>
public sealed class CoReObjectTests
{
    private const int SymbolSize = 24, SymbolValue = 8; // Elf64_Sym, and st_value in it, which st_size follows

    public static TheoryData<string> BigEndianObjects() =>
        [.. Directory.GetFiles(TestData.PathOf("be"), "core_*.bpf.o").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(TestData.GoodObjects), MemberType = typeof(TestData))]
    public void Against_its_own_types_nothing_changes(string name)
    {
        var code = new CoReObject(name);
        if (code.Types is null) return;
        var resolver = new CoReResolver(code.Types, new TargetTypes(code.Types));
        foreach ((string section, _, _, BtfCoReRecord record) in code.Records())
        {
            CoReResult result;
            try
            {
                result = resolver.Resolve(record);
            }
            catch (CoReException refusal) when (refusal.Id is BpfDiagnosticId.AmbiguousCoRe or BpfDiagnosticId.NoCoReValue)
            {
                // Flavors of one type in one object disagree, as they should; and core_size asks for the sign of an element.
                continue;
            }

            Assert.False(result.IsMissing);
            if (result.CandidateCount > 1 || record.Kind == CoReKind.TypeIdLocal) continue;
            Assert.Equal(result.Local.ToString(), result.Target!.ToString());
            Assert.Equal(result.OriginalValue, result.NewValue);

            // clang 14 knew that an enum is signed, but did not yet say so in BTF.
            if (record.Kind == CoReKind.FieldSigned && name.StartsWith("clang-14/", StringComparison.Ordinal)) continue;
            BpfInstruction[] before = code.Code(section), after = code.Code(section);
            Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(after, (int)(record.InstructionOffset / 8), result));
            if (result.IsCertain) Assert.Equal(before, after);
        }
    }

    [Theory]
    [MemberData(nameof(BigEndianObjects))]
    public void A_big_endian_object_gets_the_answers_of_a_little_endian_one(string name)
    {
        CoReObject little = new(name), big = new("be/" + name);
        foreach (string target in (string[])["moved", "changed", "odd", "same", "twice"])
        {
            Dictionary<string, string> expected = Answers(little, CoReObject.Target($"btf/{target}.bpf.o"));
            Dictionary<string, string> actual = Answers(big, CoReObject.Target($"be/btf/{target}.bpf.o"));
            Assert.NotEmpty(actual);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
            foreach ((string question, string answer) in actual) Assert.Equal(question + expected[question], question + answer);
        }
    }

    [Fact]
    public void Members_are_found_for_all_names_of_a_function()
    {
        BpfRelocatedProgram expected = Relocate(TestData.Read("core_offset.bpf.o")).First(program => program.Definition.Name == "loads");
        Assert.NotEmpty(expected.CoRe);

        // An alias, as compilers make it: two symbols with one value and size.
        byte[] image = TestData.Read("core_offset.bpf.o");
        ElfFile elf = ElfFile.Read(image);
        Assert.True(elf.TryFindSection(ElfSectionType.SymbolTable, out ElfSection table));
        Span<byte> Place(string name) => image.AsSpan((int)table.Offset + (elf.GetSymbols(table).First(symbol => symbol.Name == name).Index * SymbolSize) + SymbolValue, 2 * sizeof(ulong));
        Place("loads").CopyTo(Place("stores"));
        foreach (BpfRelocatedProgram program in Relocate(image).Where(program => program.Definition.Name is "loads" or "stores"))
        {
            Assert.Equal(expected.Instructions.ToArray(), program.Instructions.ToArray());
            Assert.Equal(expected.CoRe.Count, program.CoRe.Count);
        }
    }

    private static IReadOnlyList<BpfRelocatedProgram> Relocate(byte[] image) => BpfObjectFile.Read(image).Relocate(CoReObject.Target("btf/moved.bpf.o"));

    // Bit-fields lie elsewhere in a byte and in their storage; CoReBitFieldTests has them.
    private static Dictionary<string, string> Answers(CoReObject code, TargetTypes target)
    {
        var answers = new Dictionary<string, string>();
        var resolver = new CoReResolver(code.Types!, target);
        foreach ((string section, string function, _, BtfCoReRecord record) in code.Records())
        {
            if (record.Kind == CoReKind.FieldLeftShift64) continue;
            string question = $"{function} {record.Kind} {code.Types![record.TypeId].Name} {record.GetAccessString(code.Types!)}: ";
            try
            {
                CoReResult result = resolver.Resolve(record);
                bool isBitField = result.Local.Accessors is [.., { IsNamed: true } last] && record.Kind.IsField()
                    && code.Types[last.TypeId].Members[last.Index].BitFieldSize > 0;
                if (isBitField && record.Kind == CoReKind.FieldByteOffset) continue;
                BpfInstruction[] relocated = code.Code(section);
                CoReOutcome outcome = CoRePatcher.Apply(relocated, (int)(record.InstructionOffset / 8), result);
                answers[question] = $"{result.OriginalValue} {result.NewValue} {outcome}";
            }
            catch (CoReException refusal)
            {
                answers[question] = refusal.Id.ToCode();
            }
        }

        return answers;
    }
}

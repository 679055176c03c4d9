using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>
/// Compares every relocation of the <c>core_</c> objects against every target with what libbpf's log says of it:
/// <c>testdata/reference/core</c>, written by <c>build/reference.sh</c>.
/// </summary>
public sealed class CoReGoldenTests
{
    public static TheoryData<string> Objects() =>
        [.. Directory.GetFiles(TestData.PathOf("reference/core"), "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_relocation_is_libbpfs(string name)
    {
        string golden = Encoding.UTF8.GetString(TestData.Read($"reference/core/{name}.txt"));
        var code = new CoReObject(name + ".bpf.o");
        var text = new StringBuilder();
        foreach (string target in Targets(golden))
        {
            text.Append(CultureInfo.InvariantCulture, $"== {target}\n");
            foreach (string line in Relocate(code, CoReObject.Target($"btf/{target}.bpf.o"))) text.Append(line).Append('\n');
        }

        Assert.Equal(golden, text.ToString());
    }

    [Fact]
    public void The_golden_files_are_about_something()
    {
        string[] lines = [.. Directory.GetFiles(TestData.PathOf("reference/core"), "*.txt").SelectMany(File.ReadAllLines)];
        foreach (CoReKind kind in Enum.GetValues<CoReKind>()) Assert.Contains(lines, line => line.Contains($": <{kind.ToLogName()}>", StringComparison.Ordinal));
        foreach (string outcome in (string[])["; poisoned", "; refused", "; mem_sz 4 -> 8", "; imm ", "; imm64 ", "; off "])
            Assert.Contains(lines, line => line.Contains(outcome, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Targets(string golden) =>
        golden.Split('\n').Where(line => line.StartsWith("== ", StringComparison.Ordinal)).Select(line => line[3..]);

    // As the script does it: each program in a load of its own, with the sub-programs, up to the first refusal.
    private static List<string> Relocate(CoReObject code, TargetTypes target)
    {
        var lines = new SortedDictionary<(string, int), string>(Comparer<(string Name, int Number)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Name, b.Name) is not 0 and int order ? order : a.Number.CompareTo(b.Number)));
        foreach (string program in code.Programs())
        {
            var resolver = new CoReResolver(code.Types!, target);
            foreach ((string section, string function, int number, BtfCoReRecord record) in code.Records())
            {
                if (function != program && section != ".text") continue;
                string line = Relocate(resolver, record, code.Code(section), out bool refused);
                lines[(function, number)] = $"{function} #{number}: {line}";
                if (refused) break;
            }
        }

        return [.. lines.Values];
    }

    private static string Relocate(CoReResolver resolver, BtfCoReRecord record, BpfInstruction[] code, out bool refused)
    {
        refused = true;
        CoReResult result;
        try
        {
            result = resolver.Resolve(record);
        }
        catch (CoReException refusal)
        {
            return refusal.Relocation + "; refused";
        }

        string text = result.Target is null ? $"{result.Local}" : $"{result.Local} => {result.Target}";
        int index = (int)(record.InstructionOffset / BpfInstruction.Size);
        BpfInstruction before = code[index];
        ulong before64 = (uint)before.Immediate | ((ulong)(index + 1 < code.Length ? code[index + 1].Immediate : 0) << 32);
        try
        {
            CoReOutcome outcome = CoRePatcher.Apply(code, index, result);
            refused = false;
            return $"{text}; {(outcome == CoReOutcome.Patched ? Describe(before, before64, code[index], result) : "poisoned")}";
        }
        catch (CoReException)
        {
            return $"{result.Local}; refused";
        }
    }

    private static string Describe(BpfInstruction before, ulong before64, BpfInstruction after, CoReResult result)
    {
        string width = before.Code == after.Code ? "" : $"; mem_sz {WidthOf(before)} -> {WidthOf(after)}";
        return before.Class switch
        {
            BpfOpCode.Load => $"imm64 {before64} -> {result.NewValue}",
            BpfOpCode.Alu32 or BpfOpCode.Alu64 => $"imm {unchecked((ulong)before.Immediate)} -> {result.NewValue}",
            _ => $"off {unchecked((ulong)before.Offset)} -> {result.NewValue}{width}",
        };
    }

    private static int WidthOf(BpfInstruction instruction) => (instruction.Code & BpfOpCode.SizeMask) switch
    {
        BpfOpCode.DoubleWord => 8,
        BpfOpCode.Word => 4,
        BpfOpCode.HalfWord => 2,
        _ => 1,
    };
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf prog dump</c> beside objdump and bpftool.</summary>
[AnyKernel]
public sealed partial class ProgramCodeTests : KernelTest
{
    private const string Bpftool = "/usr/sbin/bpftool", Objdump = "/usr/bin/objdump";

    // Those with calls, loops, atomic operations and maps.
    public static TheoryData<string> Objects => ["call_subprogs", "execsnoop", "hook_xdp"];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Machine_code_is_shown_as_by_objdump(string name)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "assembler is shown of x86-64 only");
        Assert.SkipUnless(File.Exists(Objdump), "objdump is not installed");
        using BpfObject bpf = TestObjects.Load(name);
        ILookup<string, ulong> symbols = File.ReadLines("/proc/kallsyms").Select(line => line.Split(' ', '\t')).ToLookup(parts => parts[2], parts => ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        foreach (BpfProgram program in bpf.Programs)
        {
            Assert.SkipUnless(program.GetInfo().JitedLength > 0, "the kernel interprets programs");
            foreach (JsonElement function in Lines("prog", "dump", "jited", "id", $"{program.Id}", "opcodes", "--json"))
            {
                JsonElement[] instructions = [.. function.GetProperty("insns").EnumerateArray()];
                ulong address = Convert.ToUInt64(Text(function, "addr"), 16);
                Assert.Contains(address, symbols[Text(function, "name")!]);
                byte[] code = [.. instructions.SelectMany(instruction => instruction.GetProperty("opcodes").EnumerateArray().Select(value => Convert.ToByte(value.GetString(), 16)))];
                string[] expected = [.. OfObjdump(code, address)];
                Assert.Equal(expected, instructions.Select((instruction, i) => Normal(instruction, address, symbols, expected[Math.Min(i, expected.Length - 1)])));
            }
        }
    }

    [Fact]
    public void Machine_code_stands_below_its_lines_of_C()
    {
        using BpfObject bpf = TestObjects.Load("call_subprogs");
        BpfProgram program = bpf.Programs[0];
        Assert.SkipUnless(program.GetInfo().JitedLength > 0, "the kernel interprets programs");
        string text = Good("prog", "dump", "jited", "id", $"{program.Id}", "linum", "opcodes");
        Assert.Matches(@"^bpf_prog_[0-9a-f]{16}_first:\n; [^\n]* \[file:[^\n]*call_subprogs\.bpf\.c line_num:\d+ line_col:\d+\]\n   0:\t", text);
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Assert.Matches(@"\n +[0-9a-f]+:\tcall   bpf_prog_[0-9a-f]{16}_leaf\n\te8 ", text);
        JsonElement first = Lines("prog", "dump", "jited", "id", $"{program.Id}", "--json")[0].GetProperty("insns")[0];
        BpfProgramLine line = program.GetCode().Lines[0];
        Assert.Equal(("0x0", line.Text.TrimStart()), (Text(first, "pc"), Text(first, "src")));
        Assert.False(first.TryGetProperty("file", out _));
        first = Lines("prog", "dump", "jited", "id", $"{program.Id}", "linum", "--json")[0].GetProperty("insns")[0];
        Assert.Equal((line.FileName, (uint)line.Line), (Text(first, "file"), Number(first, "line_num")));
        Assert.False(first.TryGetProperty("opcodes", out _));
    }

    // The same nodes and edges. bpftool draws a way from an exit to what stands behind it where that is not the end, and some ways twice.
    [Theory]
    [MemberData(nameof(Objects))]
    public void Ways_through_a_program_are_drawn_as_by_bpftool(string name)
    {
        Assert.SkipUnless(File.Exists(Bpftool), "bpftool is not installed");
        if (name != "execsnoop") Requires.RealProcessor();
        using BpfObject bpf = TestObjects.Load(name);
        foreach (BpfProgram program in bpf.Programs)
        {
            // bpftool takes functions that are called back for a part of those before them.
            if (HasCallbacks(program.GetCode())) continue;
            string ours = Good("prog", "dump", "xlated", "id", $"{program.Id}", "visual"), theirs = InOrder(Shell.Run($"{Bpftool} prog dump xlated id {program.Id} visual"));
            HashSet<string> exits = [.. ExitBlock().Matches(theirs).Select(match => match.Groups[1].Value)];
            (string From, string To)[] expected = [.. Parts(theirs).Select(part => exits.Contains(part.From) && part.To != "" ? (part.From, part.From.Split("_bb_")[0] + "_bb_1") : part).Distinct().Order()];
            Assert.Equal(expected, Parts(ours).Distinct().Order());
            // Behind each node the same instructions.
            Assert.Equal(Starts(theirs), Starts(ours));
        }
    }

    [Fact]
    public void A_graph_is_no_JSON()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        string id = $"{bpf.Programs[0].Id}";
        Assert.Equal(2, BpfTool.Run("prog", "dump", "xlated", "id", id, "visual", "--json").ExitCode);
        Assert.Equal(2, BpfTool.Run("prog", "dump", "jited", "id", id, "visual").ExitCode);
        string text = Good("prog", "dump", "xlated", "id", id, "visual", "linum", "opcodes");
        Assert.Contains("line_num:", text, StringComparison.Ordinal);
        Assert.Matches(@"\n \|        95( [0-9a-f]{2}){7}\\l", text);
    }

    // bpftool gives functions the numbers in which it found them, and shows them in the order of the code.
    private static string InOrder(string graph)
    {
        string[] found = [.. Cluster().Matches(graph).Select(match => match.Groups[1].Value)];
        return Function().Replace(graph, match => $"fn_{Array.IndexOf(found, match.Groups[1].Value)}_bb_");
    }

    private static bool HasCallbacks(BpfProgramCode code)
    {
        HashSet<int> called = [0, .. code.Instructions.ToArray().Select(static (instruction, i) => instruction.IsCall && instruction.Source == BpfPseudo.Call ? i + instruction.Offset + 1 : 0)];
        return code.Functions.Any(function => !called.Contains(function.InstructionIndex));
    }

    private static IEnumerable<(string From, string To)> Parts(string graph) => Node().Matches(graph).Select(match => (match.Groups[1].Value, ""))
        .Concat(Edge().Matches(graph).Select(match => (match.Groups[1].Value, match.Groups[2].Value)));

    private static IEnumerable<string> Starts(string graph) => Instruction().Matches(graph).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> OfObjdump(byte[] code, ulong address)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, code);
            // A shift by one may be written without its number.
            return [.. Disassembled().Matches(Shell.Run($"{Objdump} -D -z -b binary -m i386:x86-64 --adjust-vma=0x{address:x} {path}"))
                .Select(match => $"{Convert.ToUInt64(match.Groups[1].Value, 16) - address:x}: {Shift().Replace(Spaces().Replace(match.Groups[2].Value.Trim(), " "), "$1 $$0x1,$2")}")];
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Where a jump leads to, as an address.
    private static string Normal(JsonElement instruction, ulong address, ILookup<string, ulong> symbols, string expected)
    {
        string operation = Text(instruction, "operation")!, operands = string.Join(',', instruction.GetProperty("operands").EnumerateArray().Select(operand => operand.GetString()));
        if ((operation.StartsWith('j') || operation == "call") && operands[0] is not ('*' or '%'))
        {
            string[] target = operands.Split('+');
            ulong offset = target.Length > 1 ? Convert.ToUInt64(target[1], 16) : 0;
            // Equal programs have equal names.
            ulong[] places = operands.StartsWith("0x", StringComparison.Ordinal) ? [address + Convert.ToUInt64(operands, 16)] : [.. symbols[target[0]].Select(place => place + offset)];
            operands = places.Select(static place => $"0x{place:x}").OrderByDescending(place => expected.EndsWith(place, StringComparison.Ordinal)).First();
        }

        return $"{Convert.ToUInt64(Text(instruction, "pc"), 16):x}: {operation} {operands}".TrimEnd();
    }

    [GeneratedRegex(@"subgraph ""cluster_(\d+)""")]
    private static partial Regex Cluster();

    [GeneratedRegex(@"fn_(\d+)_bb_")]
    private static partial Regex Function();

    [GeneratedRegex(@"^\t(fn_\d+_bb_\d+) \[", RegexOptions.Multiline)]
    private static partial Regex Node();

    [GeneratedRegex(@"^\t(fn_\d+_bb_\d+):s -> (fn_\d+_bb_\d+):n \[", RegexOptions.Multiline)]
    private static partial Regex Edge();

    [GeneratedRegex(@"\t(fn_\d+_bb_\d+) \[[^\]]*""\{(?:[^}](?!\n}""))*\(95\) exit\\l\\\n}""", RegexOptions.None)]
    private static partial Regex ExitBlock();

    [GeneratedRegex(@"^(?:\t.*label=""\{| \| ) *(\d+: \([0-9a-f]{2}\))", RegexOptions.Multiline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"^\s*([0-9a-f]+):\t[0-9a-f ]+\t(.*)$", RegexOptions.Multiline)]
    private static partial Regex Disassembled();

    [GeneratedRegex(@"^(sh[lr]|sar) (%\w+)$")]
    private static partial Regex Shift();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

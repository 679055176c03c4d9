using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader;
using Bpf.Loader.Instructions;
using Bpf.Tool.MachineCode;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog dump xlated visual</c>: the ways through a program, as a graph for <c>dot</c>; nodes are named as bpftool's.</summary>
[SupportedOSPlatform("linux")]
internal static class VisualDump
{
    public static void Print(BpfProgramCode code, bool opcodes, bool numbers)
    {
        IReadOnlyList<ProgramGraph> graphs = ProgramGraph.Of(code.Instructions.Span, code.Functions.Select(static function => function.InstructionIndex));
        ILookup<int, BpfProgramLine> sources = code.Lines.ToLookup(static line => line.InstructionIndex);
        ILookup<int, string> functions = code.Functions.Where(static function => function.Name.Length > 0).ToLookup(static function => function.InstructionIndex, static function => function.Name);
        var names = new ReferenceNames(code);
        Console.WriteLine("digraph \"DOT graph for eBPF program\" {");
        for (int i = 0; i < graphs.Count; i++) Print(code, graphs[i], i, functions[graphs[i].Start].FirstOrDefault() ?? $"func_{i}", sources, names, opcodes, numbers);
        Console.WriteLine("}");
    }

    private static void Print(
        BpfProgramCode code, ProgramGraph graph, int number, string name, ILookup<int, BpfProgramLine> sources, ReferenceNames names, bool opcodes, bool numbers)
    {
        string Node(int node) => $"fn_{number}_bb_{node.ToString(CultureInfo.InvariantCulture)}";
        Console.WriteLine($"subgraph \"cluster_{number.ToString(CultureInfo.InvariantCulture)}\" {{");
        Console.WriteLine($"\tstyle=\"dashed\";\n\tcolor=\"black\";\n\tlabel=\"{Escape(name)} ()\";");
        Console.WriteLine($"\t{Node(ProgramGraph.Entry)} [shape=Mdiamond,style=filled,label=\"ENTRY\"];\n");
        for (int i = 0; i < graph.Blocks.Count; i++)
        {
            IEnumerable<string> rows = Rows(code, graph, graph.Blocks[i], sources, names, opcodes, numbers);
            Console.WriteLine($"\t{Node(i + 2)} [shape=record,style=filled,label=\"{{{string.Join("\\l\\\n | ", rows)}\\l\\\n}}\"];\n");
        }

        Console.WriteLine($"\t{Node(ProgramGraph.Exit)} [shape=Mdiamond,style=filled,label=\"EXIT\"];\n");
        foreach ((int from, int to) in graph.Edges)
            Console.WriteLine($"\t{Node(from)}:s -> {Node(to)}:n [style=\"solid,bold\", color=black, weight=10, constraint=true];");
        // Puts one above the other.
        Console.WriteLine($"\t{Node(ProgramGraph.Entry)}:s -> {Node(ProgramGraph.Exit)}:n [style=\"invis\", constraint=true];\n}}");
    }

    private static IEnumerable<string> Rows(
        BpfProgramCode code, ProgramGraph graph, (int Start, int End) block, ILookup<int, BpfProgramLine> sources, ReferenceNames names, bool opcodes, bool numbers)
    {
        for (int i = block.Start; i < block.End;)
        {
            foreach (BpfProgramLine line in sources[i]) yield return Escape(DumpCommand.SourceOf(line, numbers));
            ReadOnlySpan<BpfInstruction> instructions = code.Instructions.Span;
            int length = instructions[i].IsLoadImmediate64 && i + 1 < instructions.Length ? 2 : 1;
            string text = BpfDisassembler.FormatLine(instructions, i, names.Of).TrimStart();
            string bytes = string.Join(' ', Convert.ToHexStringLower(MemoryMarshal.AsBytes(instructions.Slice(i, length))).Chunk(2).Select(static pair => new string(pair)));
            string row = Escape($"{(i - graph.Start).ToString(CultureInfo.InvariantCulture),4}{text[text.IndexOf(':', StringComparison.Ordinal)..]}");
            i += length;
            yield return row;
            if (opcodes) yield return $"       {bytes}";
        }
    }

    // What divides a record of dot, or ends its text.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in Printable.Text(text))
        {
            if (c is '<' or '>' or '|' or '{' or '}' or '"' or '\\') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}

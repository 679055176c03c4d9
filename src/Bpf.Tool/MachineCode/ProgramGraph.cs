using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Instructions;

namespace Bpf.Tool.MachineCode;

/// <summary>The ways through a function: pieces that are run from their first instruction to their last, and which come behind which.</summary>
internal sealed class ProgramGraph
{
    /// <summary>The node that a function begins with, and the one that it ends with; the pieces have the numbers behind them.</summary>
    public const int Entry = 0, Exit = 1;

    private ProgramGraph(int start, int end, IReadOnlyList<(int Start, int End)> blocks, IReadOnlyList<(int From, int To)> edges) =>
        (Start, End, Blocks, Edges) = (start, end, blocks, edges);

    /// <summary>The first instruction of the function, and the one behind its last.</summary>
    public int Start { get; }

    /// <inheritdoc cref="Start"/>
    public int End { get; }

    /// <summary>The pieces, in the order of the code: their first instructions, and those behind their last.</summary>
    public IReadOnlyList<(int Start, int End)> Blocks { get; }

    /// <summary>Which node comes behind which.</summary>
    public IReadOnlyList<(int From, int To)> Edges { get; }

    /// <summary>The graph of each function.</summary>
    /// <param name="code">The program.</param>
    /// <param name="functions">Where its functions begin, as far as that is known; what is called is one as well.</param>
    public static IReadOnlyList<ProgramGraph> Of(ReadOnlySpan<BpfInstruction> code, IEnumerable<int> functions)
    {
        var starts = new SortedSet<int>(functions) { 0 };
        for (int i = 0; i < code.Length; i += Length(code[i]))
        {
            // After verification, what is left of the distance is in the offset.
            if (code[i] is { IsCall: true, Source: BpfPseudo.Call }) starts.Add(i + code[i].Offset + 1);
        }

        int[] sorted = [.. starts];
        var graphs = new List<ProgramGraph>();
        for (int i = 0; i < sorted.Length; i++)
        {
            int end = i + 1 < sorted.Length ? sorted[i + 1] : code.Length;
            if (sorted[i] >= 0 && sorted[i] < end && end <= code.Length) graphs.Add(OfFunction(code, sorted[i], end));
        }

        return graphs;
    }

    private static ProgramGraph OfFunction(ReadOnlySpan<BpfInstruction> code, int start, int end)
    {
        var heads = new SortedSet<int> { start };
        for (int i = start; i < end; i += Length(code[i]))
        {
            if (TargetOf(code[i], i) is int target && target >= start && target < end) heads.Add(target);
            if (EndsBlock(code[i]) && i + 1 < end) heads.Add(i + 1);
        }

        int[] sorted = [.. heads];
        var blocks = sorted.Select((head, i) => (head, i + 1 < sorted.Length ? sorted[i + 1] : end)).ToList();
        Dictionary<int, int> nodes = blocks.Select((block, i) => (block.head, i + 2)).ToDictionary(static pair => pair.head, static pair => pair.Item2);
        var edges = new List<(int, int)> { (Entry, nodes[start]) };
        // A node has two ways out at most, which may lead to the same.
        foreach ((int head, int behind) in blocks)
        {
            int last = head;
            while (last + Length(code[last]) < behind) last += Length(code[last]);
            if (code[last].Code == BpfOpCode.Exit)
            {
                edges.Add((nodes[head], Exit));
                continue;
            }

            int? next = IsGoto(code[last].Code) ? null : behind < end ? nodes[behind] : Exit;
            if (next is int way) edges.Add((nodes[head], way));
            if (TargetOf(code[last], last) is int target && nodes.TryGetValue(target, out int node) && node != next) edges.Add((nodes[head], node));
        }

        return new ProgramGraph(start, end, blocks, edges);
    }

    private static int Length(BpfInstruction instruction) => instruction.IsLoadImmediate64 ? 2 : 1;

    private static bool IsJump(BpfInstruction instruction) =>
        instruction.Class is BpfOpCode.Jump or BpfOpCode.Jump32 && instruction.Code is not (BpfOpCode.Call or BpfOpCode.Exit);

    private static bool EndsBlock(BpfInstruction instruction) => IsJump(instruction) || instruction.Code == BpfOpCode.Exit;

    private static bool IsGoto(byte code) => code is BpfOpCode.Goto or BpfOpCode.GotoLong or BpfOpCode.GotoRegister;

    // Where a register leads is not in the instruction.
    private static int? TargetOf(BpfInstruction instruction, int index) =>
        !IsJump(instruction) || instruction.Code == BpfOpCode.GotoRegister ? null
        : index + 1 + (instruction.Code == BpfOpCode.GotoLong ? instruction.Immediate : instruction.Offset);
}

using System;
using System.Collections.Generic;

namespace Bpf.Loader.Instructions;

/// <summary>
/// Builds a program instruction by instruction, for tests, probes and generated programs: methods are chained, jumps go to labels
/// by name, and distances are filled in by <see cref="ToArray"/>.
/// </summary>
/// <example>
/// <code>
/// BpfInstruction[] code = new BpfAssembler()
///     .Move(BpfRegister.R0, 0)
///     .JumpIf(BpfCondition.Equal, BpfRegister.R1, 0, "out")
///     .Load(BpfAccessSize.Word, BpfRegister.R0, BpfRegister.R1, 16)
///     .Label("out")
///     .Exit()
///     .ToArray();
/// </code>
/// </example>
public sealed partial class BpfAssembler
{
    private readonly List<BpfInstruction> _code = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<LabelUse> _uses = [];

    private enum Distance
    {
        Offset,
        Immediate,
    }

    /// <summary>The number of instructions so far; a 64-bit load counts as two.</summary>
    public int Count => _code.Count;

    /// <summary>Adds an instruction as it is.</summary>
    public BpfAssembler Add(BpfInstruction instruction)
    {
        _code.Add(instruction);
        return this;
    }

    /// <summary>Names the place of the next instruction, so that jumps and calls can go there, from above and from below.</summary>
    /// <exception cref="ArgumentException">The name is already used.</exception>
    public BpfAssembler Label(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_labels.TryAdd(name, _code.Count))
            throw new ArgumentException($"The label '{name}' is set twice.", nameof(name));
        return this;
    }

    /// <summary>The program, with the distances of jumps and calls filled in.</summary>
    /// <exception cref="InvalidOperationException">A label is used but not set, or too far away for its instruction.</exception>
    public BpfInstruction[] ToArray()
    {
        BpfInstruction[] code = [.. _code];
        foreach (LabelUse use in _uses)
        {
            if (!_labels.TryGetValue(use.Label, out int target))
                throw new InvalidOperationException($"The label '{use.Label}' is used by instruction {use.Index} but never set.");

            // Distances count from the instruction that follows.
            int distance = target - use.Index - 1;
            if (use.Distance == Distance.Immediate)
                code[use.Index].Immediate = distance;
            else if (distance is < short.MinValue or > short.MaxValue)
                throw new InvalidOperationException($"The label '{use.Label}' is {distance} instructions away from instruction {use.Index}; use GotoLong.");
            else
                code[use.Index].Offset = (short)distance;
        }

        return code;
    }

    private BpfAssembler Add(int code, BpfRegister destination, int source, short offset, int immediate) =>
        Add(new BpfInstruction((byte)code, (int)destination, source, offset, immediate));

    private BpfAssembler AddTo(string label, Distance distance, BpfInstruction instruction)
    {
        ArgumentNullException.ThrowIfNull(label);
        _uses.Add(new LabelUse(_code.Count, label, distance));
        return Add(instruction);
    }

    private readonly record struct LabelUse(int Index, string Label, Distance Distance);
}

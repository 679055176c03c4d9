using System;
using System.Collections.Generic;
using System.Globalization;
using Bpf.Loader;
using Bpf.Loader.Testing;
using Bpf.Tool.Output;

namespace Bpf.Tool.Debugging;

/// <summary>Looks at each step whether to stop there, and when it does, carries out commands until one lets the program go on.</summary>
internal sealed partial class Debugger(BpfMachineProgram program, DebugInput input)
{
    private readonly DebugValues _values = new(program.Object);
    private readonly List<Breakpoint> _breakpoints = [];
    private readonly ulong[] _shown = new ulong[11];
    private Going _going = Going.OneInstruction;
    private int _fromDepth, _fromLine, _lastDepth = -1, _lastInstruction = -1, _numbers;
    private BpfLocation _last;
    private bool _isOver, _hasShown;

    // How far to go on.
    private enum Going
    {
        ToBreakpoint,
        OneInstruction,
        OneInstructionHere,
        OneLine,
        OneLineHere,
        ToCaller,
    }

    /// <summary>Takes the next step.</summary>
    public void Step(BpfStep step)
    {
        Breakpoint? met = _isOver ? null : FindBreakpoint(step);
        bool stops = !_isOver && (met is not null || IsThere(step));
        (_last, _lastDepth, _lastInstruction) = (step.Location, step.Depth, step.Instruction);
        if (!stops) return;
        if (met is not null) Console.WriteLine($"breakpoint {met.Number}, {met.Text}");
        Show(step);
        while (!Execute(step))
        {
            // Until the program goes on.
        }
    }

    /// <summary>A packet is done: with the next one, stepping goes on at its first instruction.</summary>
    public void EndPacket()
    {
        if (_going != Going.ToBreakpoint) _going = Going.OneInstruction;
        (_lastDepth, _lastInstruction, _last, _hasShown) = (-1, -1, default, false);
    }

    private bool IsThere(BpfStep step) => _going switch
    {
        Going.OneInstruction => true,
        Going.OneInstructionHere => step.Depth <= _fromDepth,
        Going.OneLine => IsOtherLine(step),
        Going.OneLineHere => step.Depth <= _fromDepth && IsOtherLine(step),
        Going.ToCaller => step.Depth < _fromDepth,
        _ => false,
    };

    private bool IsOtherLine(BpfStep step) => step.Location.SourceLine > 0 && (step.Location.SourceLine != _fromLine || step.Depth != _fromDepth);

    private Breakpoint? FindBreakpoint(BpfStep step)
    {
        // A line is entered from another, from another function, or again from behind.
        bool entersLine = _last.SourceLine != step.Location.SourceLine || _last.SourceFile != step.Location.SourceFile || _lastDepth != step.Depth || step.Instruction <= _lastInstruction;
        foreach (Breakpoint each in _breakpoints)
        {
            if (each.Instruction == step.Instruction && step.ProgramName == program.Name) return each;
            if (entersLine && each.IsIn(step.Location)) return each;
        }

        return null;
    }

    private void Show(BpfStep step)
    {
        BpfLocation location = step.Location;
        if (location.SourceLine > 0) Console.WriteLine(Printable.Text(string.Create(CultureInfo.InvariantCulture, $"{location.SourceFile}:{location.SourceLine} in {step.Function}: {location.SourceText}")));
        else Console.WriteLine(Printable.Text($"in {step.Function}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Instruction,6}: {step.Disassembly}"));
        if (_hasShown)
        {
            for (int i = 0; i < 10; i++)
            {
                if (step.Registers[i] != _shown[i]) Console.WriteLine($"        r{i} = {_values.Number(step.Registers[i])}");
            }
        }

        step.Registers.CopyTo(_shown);
        _hasShown = true;
    }

    private bool Go(BpfStep step, Going going)
    {
        _going = going;
        (_fromDepth, _fromLine) = (step.Depth, step.Location.SourceLine);
        return true;
    }

    /// <summary>Carries out a command.</summary>
    /// <returns>True when the program goes on.</returns>
    private bool Execute(BpfStep step)
    {
        if (input.Read() is not { } line)
        {
            // The commands are at their end: the rest runs to its own.
            _isOver = true;
            return true;
        }

        string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            return Execute(step, words[0], words.Length > 1 ? words[1] : "");
        }
        catch (UsageException e)
        {
            Console.WriteLine(Printable.Text(e.Message));
            return false;
        }
    }
}

using System;
using System.Globalization;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Testing;
using Bpf.Tool.Output;

namespace Bpf.Tool.Debugging;

internal sealed partial class Debugger
{
    private const string Help = """
        step (s)              to the next line of C, into functions
        next (n)              to the next line of C of this function
        stepi (si), nexti (ni)  the same by instructions
        finish (f)            until this function returns
        continue (c)          until a breakpoint
        break (b) PLACE       stop at a line (31, firewall.bpf.c:31), an instruction (*12) or a function
        delete (d) [N]        forget a breakpoint, or all
        breakpoints           the breakpoints
        print (p) WHAT        a register (r6), a variable, or memory by its type: (struct ethhdr) r6+0
        registers (r)         all registers
        map (m) NAME [KEY]    the elements of a map
        x ADDRESS [LENGTH]    memory as bytes, such as x r10-16 16
        backtrace (bt)        the functions that led here
        list (l)              the instructions around this one
        quit (q)              end
        """;

    private bool Execute(BpfStep step, string command, string rest)
    {
        switch (command)
        {
            case "step" or "s":
                return Go(step, Going.OneLine);
            case "next" or "n":
                return Go(step, Going.OneLineHere);
            case "stepi" or "si":
                return Go(step, Going.OneInstruction);
            case "nexti" or "ni":
                return Go(step, Going.OneInstructionHere);
            case "finish" or "f":
                return Go(step, Going.ToCaller);
            case "continue" or "c":
                return Go(step, Going.ToBreakpoint);
            case "break" or "b":
                AddBreakpoint(step, rest);
                break;
            case "delete" or "d":
                Delete(rest);
                break;
            case "breakpoints":
                foreach (Breakpoint each in _breakpoints) Console.WriteLine($"  {each.Number}  {Printable.Text(each.Text)}");
                break;
            case "print" or "p":
                Console.WriteLine(Printable.Text(_values.Print(rest, step.Registers)));
                break;
            case "registers" or "r":
                for (int i = 0; i < step.Registers.Length; i++) Console.WriteLine($"  r{i,-2} = {_values.Number(step.Registers[i])}");
                break;
            case "map" or "m":
                string[] words = rest.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                if (words.Length == 0) throw new UsageException("map NAME [KEY]");
                _values.PrintMap(words[0], words.Length > 1 ? words[1] : null);
                break;
            case "x":
                Dump(step, rest);
                break;
            case "backtrace" or "bt":
                Console.WriteLine(Printable.Text($"  {step.Location}"));
                foreach (BpfLocation caller in step.Callers) Console.WriteLine(Printable.Text($"  called from {caller}"));
                break;
            case "list" or "l":
                List(step);
                break;
            case "quit" or "q":
                throw new DebuggerQuitException();
            case "help" or "h":
                Console.WriteLine(Help);
                break;
            default:
                throw new UsageException($"there is no command '{command}'; 'help' lists them.");
        }

        return false;
    }

    private void AddBreakpoint(BpfStep step, string place)
    {
        Breakpoint added = Parse(step, place);
        _breakpoints.Add(added);
        Console.WriteLine($"breakpoint {added.Number} at {Printable.Text(added.Text)}");
    }

    private Breakpoint Parse(BpfStep step, string place)
    {
        int number = _numbers + 1;
        if (place.Length == 0) place = string.Create(CultureInfo.InvariantCulture, $"*{step.Instruction}");
        int colon = place.LastIndexOf(':');
        Breakpoint? parsed = null;
        if (place[0] == '*' && int.TryParse(place.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int instruction))
        {
            if (instruction >= program.InstructionCount) throw new UsageException($"the program has the instructions 0 to {program.InstructionCount - 1}.");
            parsed = new Breakpoint(number, $"instruction {instruction}") { Instruction = instruction };
        }
        else if (int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line))
        {
            parsed = new Breakpoint(number, $"line {place}") { Line = line, File = colon > 0 ? place[..colon] : null };
            if (!program.Lines.Any(parsed.IsIn))
            {
                int[] near = [.. program.Lines.Where(each => parsed.File is null || (parsed with { Line = each.SourceLine }).IsIn(each)).Select(static each => each.SourceLine).Distinct().OrderBy(each => Math.Abs(each - line)).Take(3).Order()];
                throw new UsageException($"no instruction is made of line {place}{(near.Length == 0 ? "" : $"; of {string.Join(", ", near)} there are")}.");
            }
        }
        else if (program.Functions.FirstOrDefault(each => each.Name == place) is { Name: not null } function)
        {
            parsed = new Breakpoint(number, $"function {place}") { Instruction = function.Start };
        }

        _numbers = number;
        return parsed ?? throw new UsageException($"'{place}' is no line, no instruction such as *12, and none of the functions {string.Join(", ", program.Functions.Select(static each => each.Name))}.");
    }

    private void Delete(string rest)
    {
        if (rest.Length == 0) _breakpoints.Clear();
        else if (!int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || _breakpoints.RemoveAll(each => each.Number == number) == 0)
            throw new UsageException($"there is no breakpoint {rest}.");
    }

    private void Dump(BpfStep step, string rest)
    {
        string[] words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int length = 64;
        if (words.Length is 0 or > 2 || (words.Length == 2 && (!int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length is 0 or > 65536)))
            throw new UsageException("x ADDRESS [LENGTH], without spaces in the address");
        _values.Dump(words[0], length, step.Registers);
    }

    private void List(BpfStep step)
    {
        const int Around = 5;
        for (int i = Math.Max(0, step.Instruction - Around); i < Math.Min(program.InstructionCount, step.Instruction + Around + 1); i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(i == step.Instruction ? '>' : ' ')}{i,5}: {program.Disassemble(i)}"));
    }
}

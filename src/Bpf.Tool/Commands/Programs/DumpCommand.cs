using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Instructions;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog dump</c>: the code of a program, as the kernel has it.</summary>
[SupportedOSPlatform("linux")]
internal static class DumpCommand
{
    public static void Run(Words words, JsonLines? lines)
    {
        bool translated = words.TryTake("xlated");
        if (!translated && !words.TryTake("jited")) throw new UsageException("Say which code: xlated or jited.");
        using BpfProgram program = ProgramSelector.TakeOne(words);
        (bool opcodes, bool numbers, bool visual, string? file) = (false, false, false, null);
        while (!words.AtEnd)
        {
            if (words.TryTake("opcodes")) opcodes = true;
            else if (words.TryTake("linum")) numbers = true;
            else if (translated && words.TryTake("visual")) visual = true;
            else if (words.TryTake("file")) file = words.Take("a file");
            else words.End();
        }

        if (visual && lines is not null) throw new UsageException("'visual' is a graph for dot, which is no JSON.");
        if (visual && file is not null) throw new UsageException("'file' takes the code as it is: it goes without 'visual'.");
        BpfProgramCode code = program.GetCode();
        if (translated ? code.Instructions.IsEmpty : code.MachineCode.IsEmpty)
        {
            throw new BpfException(
                BpfCommand.ObjGetInfoByFd, Errno.EACCES, $"the code of program {program.Id}",
                translated ? "The kernel hides it: see net.core.bpf_jit_harden." : "The program is interpreted, or the kernel hides its code: see net.core.bpf_jit_enable and bpf_jit_harden.");
        }

        if (file is not null) File.WriteAllBytes(file, translated ? MemoryMarshal.AsBytes(code.Instructions.Span).ToArray() : code.MachineCode.ToArray());
        else if (visual) VisualDump.Print(code, opcodes, numbers);
        else if (translated) PrintInstructions(code, opcodes, numbers, lines);
        else JitedDump.Print(program, code, opcodes, numbers, lines);
    }

    private static void PrintInstructions(BpfProgramCode code, bool opcodes, bool numbers, JsonLines? lines)
    {
        ReadOnlySpan<BpfInstruction> instructions = code.Instructions.Span;
        ILookup<int, BpfProgramLine> sources = code.Lines.ToLookup(line => line.InstructionIndex);
        ILookup<int, BpfProgramFunction> functions = code.Functions.Where(function => function.Name.Length > 0).ToLookup(function => function.InstructionIndex);
        for (int i = 0; i < instructions.Length; i++)
        {
            string text = BpfDisassembler.FormatLine(instructions, i).TrimStart();
            int length = instructions[i].IsLoadImmediate64 ? 2 : 1;
            string bytes = Convert.ToHexStringLower(MemoryMarshal.AsBytes(instructions.Slice(i, Math.Min(length, instructions.Length - i))));
            if (lines is not null)
            {
                lines.Write((Index: i, Text: text, Source: sources[i].LastOrDefault(), Function: functions[i].FirstOrDefault(), Bytes: opcodes ? bytes : null), (json, item) =>
                {
                    json.WriteStartObject();
                    if (item.Function is not null) json.WriteString("proto", item.Function.Name);
                    if (item.Source is not null) WriteSource(json, item.Source);
                    json.WriteNumber("insn", item.Index);
                    json.WriteString("disasm", item.Text[(item.Text.IndexOf(':', StringComparison.Ordinal) + 2)..]);
                    if (item.Bytes is not null) json.WriteString("opcodes", item.Bytes);
                    json.WriteEndObject();
                });
            }
            else
            {
                foreach (BpfProgramFunction function in functions[i]) Console.WriteLine($"{Printable.Text(function.Name)}:");
                foreach (BpfProgramLine line in sources[i]) Console.WriteLine(SourceOf(line, numbers));
                Console.WriteLine($"{i.ToString(CultureInfo.InvariantCulture),4}{text[text.IndexOf(':', StringComparison.Ordinal)..]}");
                if (opcodes) Console.WriteLine($"       {bytes}");
            }

            i += length - 1;
        }
    }

    /// <summary>A line of C, for people.</summary>
    public static string SourceOf(BpfProgramLine line, bool numbers)
    {
        string text = $"; {Printable.Text(line.Text.Trim().Replace('\t', ' '))}";
        return numbers ? string.Create(CultureInfo.InvariantCulture, $"{text} [file:{line.FileName} line_num:{line.Line} line_col:{line.Column}]") : text;
    }

    /// <summary>A line of C, for programs.</summary>
    public static void WriteSource(Utf8JsonWriter json, BpfProgramLine line)
    {
        json.WriteString("src", line.Text.Trim());
        json.WriteString("file", line.FileName);
        json.WriteNumber("line_num", line.Line);
        json.WriteNumber("line_col", line.Column);
    }
}

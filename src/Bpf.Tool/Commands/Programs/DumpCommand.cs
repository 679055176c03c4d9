using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Btf;
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
        else if (translated) PrintInstructions(program, code, opcodes, numbers, lines);
        else JitedDump.Print(program, code, opcodes, numbers, lines);
    }

    private static void PrintInstructions(BpfProgram program, BpfProgramCode code, bool opcodes, bool numbers, JsonLines? lines)
    {
        ReadOnlySpan<BpfInstruction> instructions = code.Instructions.Span;
        var names = new ReferenceNames(code);
        uint types = program.GetInfo().BtfId;
        BtfReader? btf = types == 0 ? null : BpfBtf.Open(types);
        ILookup<int, BpfProgramLine> sources = code.Lines.ToLookup(line => line.InstructionIndex);
        Dictionary<int, string> prototypes = [];
        foreach (BpfProgramFunction function in code.Functions)
        {
            if (btf is not null && !function.TypeId.IsVoid) prototypes.TryAdd(function.InstructionIndex, FunctionText.Of(btf, function.TypeId));
        }

        for (int i = 0; i < instructions.Length; i++)
        {
            string text = BpfDisassembler.FormatLine(instructions, i, names.Of).TrimStart();
            int length = instructions[i].IsLoadImmediate64 && i + 1 < instructions.Length ? 2 : 1;
            byte[]? bytes = opcodes ? MemoryMarshal.AsBytes(instructions.Slice(i, length)).ToArray() : null;
            string? prototype = prototypes.GetValueOrDefault(i);
            if (lines is not null)
            {
                lines.Write((text[(text.IndexOf(':', StringComparison.Ordinal) + 2)..], prototype, sources[i].FirstOrDefault(), bytes, numbers), WriteInstruction);
            }
            else
            {
                if (prototype is not null) Console.WriteLine($"{Printable.Text(prototype)}:");
                foreach (BpfProgramLine line in sources[i]) Console.WriteLine(SourceOf(line, numbers));
                Console.WriteLine($"{i.ToString(CultureInfo.InvariantCulture),4}{text[text.IndexOf(':', StringComparison.Ordinal)..]}");
                if (bytes is not null) Console.WriteLine($"       {string.Join(' ', Array.ConvertAll(bytes, static value => value.ToString("x2", CultureInfo.InvariantCulture)))}");
            }

            i += length - 1;
        }
    }

    private static void WriteInstruction(Utf8JsonWriter json, (string Text, string? Prototype, BpfProgramLine? Source, byte[]? Bytes, bool Numbers) item)
    {
        json.WriteStartObject();
        if (item.Prototype is not null) json.WriteString("proto", item.Prototype);
        if (item.Source is not null) WriteSource(json, item.Source, item.Numbers);
        json.WriteString("disasm", item.Text);
        if (item.Bytes is { } bytes)
        {
            json.WriteStartObject("opcodes");
            json.WriteString("code", Hexadecimal(bytes[0]));
            // In one byte, whose halves lie as the machine's bits do.
            int low = bytes[1] & 0xf, high = bytes[1] >> 4;
            json.WriteString("src_reg", $"0x{(BitConverter.IsLittleEndian ? high : low):x}");
            json.WriteString("dst_reg", $"0x{(BitConverter.IsLittleEndian ? low : high):x}");
            WriteBytes(json, "off", bytes.AsSpan(2, 2));
            WriteBytes(json, "imm", bytes.AsSpan(4));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        json.WriteStartArray(name);
        foreach (byte value in bytes) json.WriteStringValue(Hexadecimal(value));
        json.WriteEndArray();
    }

    private static string Hexadecimal(byte value) => $"0x{value:x2}";

    /// <summary>A line of C, for people.</summary>
    public static string SourceOf(BpfProgramLine line, bool numbers)
    {
        string text = $"; {Printable.Text(line.Text.Trim().Replace('\t', ' '))}";
        return numbers ? string.Create(CultureInfo.InvariantCulture, $"{text} [file:{line.FileName} line_num:{line.Line} line_col:{line.Column}]") : text;
    }

    /// <summary>A line of C, for programs.</summary>
    public static void WriteSource(Utf8JsonWriter json, BpfProgramLine line, bool numbers = true)
    {
        json.WriteString("src", line.Text.TrimStart());
        if (!numbers) return;
        json.WriteString("file", line.FileName);
        if (line.Line != 0) json.WriteNumber("line_num", line.Line);
        if (line.Column != 0) json.WriteNumber("line_col", line.Column);
    }
}

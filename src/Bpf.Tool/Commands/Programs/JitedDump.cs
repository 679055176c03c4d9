using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Symbols;
using Bpf.Tool.MachineCode;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog dump jited</c>: the machine code of a program, function by function, with the lines of C that it was made of.</summary>
[SupportedOSPlatform("linux")]
internal static class JitedDump
{
    public static void Print(BpfProgram program, BpfProgramCode code, bool opcodes, bool numbers, JsonLines? lines)
    {
        using var symbols = new Symbolizer();
        ILookup<ulong, BpfProgramLine> sources = code.Lines.Where(line => line.Address != 0).ToLookup(line => line.Address);
        int at = 0;
        foreach (BpfProgramFunction function in Parts(program, code))
        {
            ReadOnlyMemory<byte> bytes = code.MachineCode.Slice(at, Math.Min((int)function.MachineCodeLength, code.MachineCode.Length - at));
            at += bytes.Length;
            IEnumerable<MachineInstruction> instructions = Disassembler.Read(
                RuntimeInformation.ProcessArchitecture, bytes, function.Address, address => symbols.FindKernel(address) is { IsKnown: true } symbol ? NameOf(symbol) : null);
            if (lines is not null)
            {
                lines.Write(function, (json, item) => Write(json, item, bytes, instructions, sources, opcodes, numbers));
                continue;
            }

            Console.WriteLine($"{Printable.Text(SymbolOf(function))}:");
            foreach (MachineInstruction instruction in instructions)
            {
                foreach (BpfProgramLine line in SourcesOf(sources, function, instruction)) Console.WriteLine(DumpCommand.SourceOf(line, numbers));
                Console.WriteLine($"{instruction.Offset.ToString("x", CultureInfo.InvariantCulture),4}:\t{instruction.Text}");
                if (opcodes) Console.WriteLine($"\t{string.Join(' ', Bytes(bytes, instruction, ""))}");
            }

            Console.WriteLine();
        }
    }

    private static void Write(
        Utf8JsonWriter json, BpfProgramFunction function, ReadOnlyMemory<byte> bytes, IEnumerable<MachineInstruction> instructions, ILookup<ulong, BpfProgramLine> sources, bool opcodes, bool numbers)
    {
        json.WriteStartObject();
        json.WriteString("name", SymbolOf(function));
        json.WriteString("addr", $"0x{function.Address:x}");
        json.WriteStartArray("insns");
        foreach (MachineInstruction instruction in instructions)
        {
            json.WriteStartObject();
            if (SourcesOf(sources, function, instruction).LastOrDefault() is BpfProgramLine line) DumpCommand.WriteSource(json, line, numbers);
            json.WriteString("pc", $"0x{instruction.Offset:x}");
            json.WriteString("operation", instruction.Operation);
            WriteArray(json, "operands", instruction.Operands);
            if (opcodes) WriteArray(json, "opcodes", Bytes(bytes, instruction, "0x"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static IEnumerable<string> Bytes(ReadOnlyMemory<byte> code, MachineInstruction instruction, string prefix) =>
        code.Slice(instruction.Offset, instruction.Length).ToArray().Select(value => prefix + value.ToString("x2", CultureInfo.InvariantCulture));

    private static IEnumerable<BpfProgramLine> SourcesOf(ILookup<ulong, BpfProgramLine> sources, BpfProgramFunction function, MachineInstruction instruction) =>
        sources[function.Address + (ulong)instruction.Offset];

    // As bpf_get_prog_name() of the kernel makes it, and /proc/kallsyms shows it.
    public static string SymbolOf(BpfProgramFunction function) =>
        function.Tag.Length == 0 ? function.Name : function.Name.Length == 0 ? $"bpf_prog_{function.Tag}" : $"bpf_prog_{function.Tag}_{function.Name}";

    private static string NameOf(Symbol symbol) => symbol.Offset == 0 ? symbol.RawName : $"{symbol.RawName}+0x{symbol.Offset:x}";

    // The program itself is known by its own tag, whatever that of its first function is. Kernels before 4.18 do not tell the functions apart.
    private static IEnumerable<BpfProgramFunction> Parts(BpfProgram program, BpfProgramCode code) => code.Functions.Sum(function => function.MachineCodeLength) == code.MachineCode.Length
        ? code.Functions.Select((function, i) => i == 0 ? function with { Tag = program.Tag, Name = function.Name.Length > 0 ? function.Name : program.Name } : function)
        : [new BpfProgramFunction(program.Name, 0, program.Tag, 0, (uint)code.MachineCode.Length)];
}

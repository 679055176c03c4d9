using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader;
using Bpf.Loader.Instructions;

namespace Bpf.Tool.Commands.Programs;

/// <summary>Names what instructions of a loaded program refer to, as bpftool does: maps by their ids, functions by the symbols of the kernel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ReferenceNames
{
    private const string SymbolsPath = "/proc/kallsyms";
    private const int AddressDigits = 16;

    private readonly BpfProgramCode _code;
    private readonly Dictionary<ulong, string> _symbols = [];
    private readonly ulong _base;

    /// <param name="code">The program, after verification.</param>
    public ReferenceNames(BpfProgramCode code)
    {
        _code = code;
        HashSet<int> distances = [];
        foreach (BpfInstruction instruction in code.Instructions.Span)
        {
            if (instruction.IsCall && instruction.Source != BpfPseudo.Call) distances.Add(instruction.Immediate);
        }

        if (distances.Count == 0 || TryReadSymbols() is not byte[] symbols) return;
        // Calls hold the distance from this function, which does nothing else (kernel/bpf/core.c).
        int at = symbols.AsSpan().IndexOf(" __bpf_call_base\n"u8);
        int line = at < 0 ? -1 : symbols.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        if (line < 0 || !TryParse(symbols.AsSpan(line), out _base) || _base == 0) return;
        HashSet<ulong> wanted = [];
        foreach (int distance in distances) wanted.Add(_base + (ulong)(long)distance);
        Find(symbols, wanted);
    }

    /// <summary>The name; null for the numbers of the instruction.</summary>
    public string? Of(int index, BpfInstruction instruction)
    {
        if (!instruction.IsCall)
        {
            return instruction.Source switch
            {
                BpfPseudo.MapDescriptor => string.Create(CultureInfo.InvariantCulture, $"map[id:{(uint)instruction.Immediate}]"),
                BpfPseudo.MapValue when index + 1 < _code.Instructions.Length => string.Create(
                    CultureInfo.InvariantCulture, $"map[id:{(uint)instruction.Immediate}][0]+{(uint)_code.Instructions.Span[index + 1].Immediate}"),
                _ => null,
            };
        }

        if (instruction.Source == BpfPseudo.Call)
        {
            // What is left of the distance is in the offset; the other number is that of the function.
            string distance = string.Create(CultureInfo.InvariantCulture, $"pc{(instruction.Offset < 0 ? "" : "+")}{instruction.Offset}");
            return (uint)instruction.Immediate < (uint)_code.Functions.Count && _code.Functions[instruction.Immediate] is { Address: not 0 } function
                ? $"{distance}#{JitedDump.SymbolOf(function)}"
                : distance;
        }

        if (_base == 0) return null;
        ulong address = _base + (ulong)(long)instruction.Immediate;
        return _symbols.TryGetValue(address, out string? name) ? name : $"0x{address:x}";
    }

    private void Find(ReadOnlySpan<byte> symbols, HashSet<ulong> wanted)
    {
        foreach (Range range in symbols.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = symbols[range];
            // Address, kind, name, and in brackets a module.
            if (!TryParse(line, out ulong address) || !wanted.Contains(address) || line.Length < AddressDigits + 4) continue;
            ReadOnlySpan<byte> name = line[(AddressDigits + 3)..];
            int end = name.IndexOfAny((byte)'\t', (byte)' ');
            _symbols.TryAdd(address, Encoding.UTF8.GetString(end < 0 ? name : name[..end]));
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out ulong address)
    {
        address = 0;
        return line.Length > AddressDigits && ulong.TryParse(line[..AddressDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);
    }

    // Where symbols are hidden, calls have their numbers.
    private static byte[]? TryReadSymbols()
    {
        try
        {
            return File.ReadAllBytes(SymbolsPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

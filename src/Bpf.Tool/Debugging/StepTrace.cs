using System;
using System.Globalization;
using System.Text;
using Bpf.Loader;
using Bpf.Loader.Testing;
using Bpf.Tool.Output;

namespace Bpf.Tool.Debugging;

/// <summary>Prints each step with what it changed, which is seen when the next one begins.</summary>
internal sealed class StepTrace(BpfMachine machine)
{
    private readonly ulong[] _registers = new ulong[11];
    private string? _line;
    private BpfMemoryRange? _written;
    private string _place = "";
    private int _depth;

    /// <summary>Takes the next step.</summary>
    public void Step(BpfStep step)
    {
        Finish(step.Registers, step.Depth == _depth);
        BpfLocation location = step.Location;
        string place = location.SourceLine > 0 ? string.Create(CultureInfo.InvariantCulture, $"{location.SourceFile}:{location.SourceLine}: {location.SourceText}") : step.Function;
        if (place != _place) Console.WriteLine(Printable.Text(place));
        _place = place;
        _line = string.Create(CultureInfo.InvariantCulture, $"{step.Instruction,6}: {new string(' ', step.Depth * 2)}{step.Disassembly}");
        _written = step.Written;
        _depth = step.Depth;
        step.Registers.CopyTo(_registers);
    }

    /// <summary>Ends the run.</summary>
    public void End()
    {
        Finish(_registers, isSameFunction: true);
        _place = "";
    }

    private void Finish(ReadOnlySpan<ulong> after, bool isSameFunction)
    {
        if (_line is null) return;
        var changes = new StringBuilder();
        for (int i = 0; i < after.Length; i++)
        {
            // R10 is that of the function.
            if (after[i] != _registers[i] && (i < 10 || isSameFunction)) Append(changes, $"r{i} = {Show(after[i])}");
        }

        if (_written is { } range)
        {
            Span<byte> bytes = stackalloc byte[range.Size];
            if (machine.TryRead(range.Address, bytes)) Append(changes, $"[{machine.NameOf(range.Address)}] = 0x{ReadNumber(bytes):x}");
        }

        Console.WriteLine(changes.Length == 0 ? _line : $"{_line,-48} ; {changes}");
        _line = null;
    }

    private string Show(ulong value) => machine.NameOf(value) ?? string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static void Append(StringBuilder text, string change) => text.Append(text.Length == 0 ? "" : ", ").Append(change);

    private static ulong ReadNumber(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        return value;
    }
}

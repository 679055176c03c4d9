using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Classic;

/// <summary>The forms of numbers: <c>tcpdump -ddd</c>, the same with commas, and initialisers in C.</summary>
internal static class ClassicNumbers
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789 ,\t\r\n");

    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n', '{', '}', ';'];

    public static string Format(ReadOnlySpan<ClassicInstruction> filter, ClassicForm form)
    {
        if (form is not (ClassicForm.Decimal or ClassicForm.Bytecode or ClassicForm.C)) throw new ArgumentOutOfRangeException(nameof(form), form, "There is no such form.");
        var text = new StringBuilder();
        string separator = form == ClassicForm.Bytecode ? "," : "\n";
        if (form != ClassicForm.C) text.Append(CultureInfo.InvariantCulture, $"{filter.Length}{separator}");
        foreach (ClassicInstruction each in filter)
        {
            if (form == ClassicForm.C) text.Append(CultureInfo.InvariantCulture, $"{{ 0x{each.Code:x}, {each.JumpTrue}, {each.JumpFalse}, 0x{each.Constant:x8} }},\n");
            else text.Append(CultureInfo.InvariantCulture, $"{each.Code} {each.JumpTrue} {each.JumpFalse} {each.Constant}{separator}");
        }

        // xt_bpf's form has no comma at its end.
        if (form == ClassicForm.Bytecode && text.Length > 0) text.Length--;
        return text.ToString();
    }

    /// <summary>Reads one of the forms of numbers.</summary>
    /// <returns>False when the text is in none of them.</returns>
    /// <exception cref="BpfFormatException">It is, and something in it is wrong.</exception>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClassicInstruction[]? instructions)
    {
        instructions = null;
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        bool isC = trimmed.StartsWith("{");
        if (!isC && (trimmed.IsEmpty || trimmed.IndexOfAnyExcept(NumberCharacters) >= 0)) return false;
        List<uint> numbers = [];
        foreach (string word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries)) numbers.Add(Number(word));
        if (numbers.Count == 0) return false;
        if (!isC)
        {
            uint count = numbers[0];
            numbers.RemoveAt(0);
            if (numbers.Count != count * 4L)
                throw new BpfFormatException($"The filter says that it has {count} instructions, and {numbers.Count} numbers follow; an instruction has four.");
        }

        if (numbers.Count % 4 != 0) throw new BpfFormatException($"The filter has {numbers.Count} numbers, and an instruction has four: code, jt, jf and k.");
        instructions = new ClassicInstruction[numbers.Count / 4];
        for (int i = 0; i < instructions.Length; i++)
        {
            instructions[i] = new ClassicInstruction(
                (ushort)Within(numbers[i * 4], ushort.MaxValue, "code", i), (byte)Within(numbers[(i * 4) + 1], byte.MaxValue, "jt", i),
                (byte)Within(numbers[(i * 4) + 2], byte.MaxValue, "jf", i), numbers[(i * 4) + 3]);
        }

        return true;
    }

    private static uint Number(string word)
    {
        bool isHexadecimal = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return uint.TryParse(isHexadecimal ? word.AsSpan(2) : word, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new BpfFormatException($"'{word}' is no number of 32 bits.");
    }

    private static uint Within(uint number, uint most, string what, int instruction) =>
        number <= most ? number : throw new BpfFormatException($"Instruction {instruction}: {what} is {number}; {most} is the most.");
}

using System;
using System.Globalization;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Debugging;

/// <summary>Shows registers, memory, variables and maps by their types.</summary>
internal sealed class DebugValues(BpfMachineObject loaded)
{
    private static readonly BtfKind[] NamedKinds = [BtfKind.Struct, BtfKind.Union, BtfKind.Typedef, BtfKind.Int, BtfKind.Enum, BtfKind.Enum64];

    // Numbers from the wire as the program has them in its registers.
    private static readonly BtfValueFormatOptions AsTheProgram = new() { ShowsNetworkTypes = false };

    /// <summary>A number as a register holds it, with what it points to.</summary>
    public string Number(ulong value)
    {
        if (loaded.Machine.NameOf(value) is { } name) return name;
        string text = string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
        return value < 10 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} ({(long)value})");
    }

    /// <summary>An expression: a register, a variable, or memory by its type, such as <c>(struct ethhdr) r6+14</c>.</summary>
    /// <exception cref="UsageException">It names nothing that there is.</exception>
    public string Print(string expression, ReadOnlySpan<ulong> registers)
    {
        if (expression.StartsWith('('))
        {
            int end = expression.IndexOf(')', StringComparison.Ordinal);
            if (end < 0) throw new UsageException("the type has no ')'.");
            return PrintTyped(expression[1..end].Trim().TrimEnd('*').Trim(), Address(expression[(end + 1)..].Trim(), registers));
        }

        if (TryRegister(expression, registers, out ulong value)) return Number(value);
        if (!loaded.File.Globals.TryGet(expression, out BpfGlobal? global)) throw new UsageException($"there is no register or variable '{expression}'; memory is printed as (TYPE) ADDRESS.");
        ReadOnlySpan<byte> bytes = loaded.GlobalBytes(expression);
        return loaded.File.Btf is { } btf && !global.TypeId.IsVoid ? new BtfValueFormatter(btf, AsTheProgram).Format(global.TypeId, bytes) : Convert.ToHexString(bytes);
    }

    /// <summary>The elements of a map, or one of them.</summary>
    /// <exception cref="UsageException">There is no such map or element.</exception>
    public void PrintMap(string name, string? key)
    {
        BpfMachineMap? map = null;
        foreach (BpfMachineMap each in loaded.Maps)
        {
            if (each.Name == name) map = each;
        }

        if (map is null) throw new UsageException($"there is no map '{name}'.");
        BpfMapDefinition definition = loaded.File.Maps[name];
        if (key is not null)
        {
            byte[] wanted = new byte[map.KeySize];
            if (loaded.File.Btf is not { } btf || definition.BtfKeyTypeId.IsVoid) throw new UsageException($"the object does not say of what type the keys of '{name}' are.");
            try
            {
                BtfValueParser.Parse(btf, definition.BtfKeyTypeId, key, wanted);
            }
            catch (FormatException e)
            {
                throw new UsageException($"the key {key}: {e.Message}");
            }

            byte[] found = new byte[map.ValueSize];
            Console.WriteLine(map.TryGet(wanted, found) ? Format(definition.BtfValueTypeId, found) : "no such element");
            return;
        }

        int count = 0;
        byte[] value = new byte[map.ValueSize];
        foreach (byte[] each in map.Keys)
        {
            if (!map.TryGet(each, value)) continue;
            count++;
            Console.WriteLine($"  [{Format(definition.BtfKeyTypeId, each)}] = {Format(definition.BtfValueTypeId, value)}");
        }

        Console.WriteLine($"  {count} {(count == 1 ? "element" : "elements")}");
    }

    /// <summary>Memory as bytes.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public void Dump(string expression, int length, ReadOnlySpan<ulong> registers)
    {
        ulong address = Address(expression, registers);
        byte[] bytes = new byte[length];
        if (!loaded.Machine.TryRead(address, bytes)) throw new UsageException($"there are no {length} bytes at {Number(address)}.");
        for (int at = 0; at < length; at += 16)
        {
            ReadOnlySpan<byte> line = bytes.AsSpan(at, Math.Min(16, length - at));
            var text = new StringBuilder();
            foreach (byte each in line) text.Append(CultureInfo.InvariantCulture, $"{each:x2} ");
            text.Append(' ', 3 * (16 - line.Length));
            foreach (byte each in line) text.Append(each is >= 0x20 and < 0x7f ? (char)each : '.');
            Console.WriteLine($"  {at,4:x}: {text}");
        }
    }

    private string PrintTyped(string typeName, ulong address)
    {
        foreach (BtfReader? types in (BtfReader?[])[loaded.File.Btf, loaded.Machine.Types.Kernel])
        {
            if (types is null || FindType(types, typeName) is not { } id) continue;
            byte[] bytes = new byte[types.SizeOf(id)];
            if (!loaded.Machine.TryRead(address, bytes)) throw new UsageException($"there are no {bytes.Length} bytes at {Number(address)}.");
            return new BtfValueFormatter(types, AsTheProgram).Format(id, bytes);
        }

        throw new UsageException($"neither the object nor the kernel has a type '{typeName}'.");
    }

    private static BtfTypeId? FindType(BtfReader types, string name)
    {
        string bare = name[(name.LastIndexOf(' ') + 1)..];
        foreach (BtfKind kind in NamedKinds)
        {
            if (types.TryFind(bare, kind, out BtfTypeId id)) return id;
        }

        return null;
    }

    private string Format(BtfTypeId type, ReadOnlySpan<byte> bytes) =>
        loaded.File.Btf is { } btf && !type.IsVoid ? new BtfValueFormatter(btf, AsTheProgram).Format(type, bytes) : Convert.ToHexString(bytes);

    // A register or number, and what is added.
    private static ulong Address(string text, ReadOnlySpan<ulong> registers)
    {
        ulong sum = 0;
        foreach (string part in text.Replace("-", "+-", StringComparison.Ordinal).Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (TryRegister(part, registers, out ulong value)) sum += value;
            else if (TryNumber(part, out value)) sum += value;
            else throw new UsageException($"'{part}' is no register and no number.");
        }

        return text.Length > 0 ? sum : throw new UsageException("an address is missing: a register, a number, or both with + between them.");
    }

    private static bool TryNumber(string text, out ulong value)
    {
        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> digits = isNegative ? text.AsSpan(1) : text;
        bool isNumber = digits.StartsWith("0x")
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (isNegative) value = 0 - value;
        return isNumber;
    }

    private static bool TryRegister(string text, ReadOnlySpan<ulong> registers, out ulong value)
    {
        value = 0;
        if (text.Length is < 2 or > 3 || text[0] is not ('r' or 'R') || !int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > 10) return false;
        value = registers[number];
        return true;
    }
}

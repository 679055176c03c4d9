using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Kernel;

/// <summary>
/// The value of an option, and how it is written into a variable. What it is, its first letter tells: y, n and m are switches,
/// a quotation mark begins a text, and all else is a number.
/// </summary>
internal readonly record struct KernelConfigValue(string Name, string Raw)
{
    private bool IsSwitch => Raw[0] is 'y' or 'n' or 'm';

    private bool IsText => Raw[0] == '"';

    /// <summary>Writes a <c>bool</c>: y and n.</summary>
    /// <exception cref="BpfException">The value is something else.</exception>
    public void WriteBool(Span<byte> destination)
    {
        if (!IsSwitch || Raw[0] == 'm')
            throw Mismatch("a bool");
        destination[0] = Raw[0] == 'y' ? (byte)1 : (byte)0;
    }

    /// <summary>Writes an <c>enum libbpf_tristate</c>: n is 0, y is 1, m is 2.</summary>
    /// <exception cref="BpfException">The value is something else.</exception>
    public void WriteTristate(Span<byte> destination)
    {
        if (!IsSwitch)
            throw Mismatch("a tristate");
        WriteNumber(destination, Raw[0] switch { 'y' => 1u, 'm' => 2u, _ => 0u });
    }

    /// <summary>Writes a <c>char</c>: the letter of a switch, or a small number.</summary>
    /// <exception cref="BpfException">The value is something else, or too large.</exception>
    public void WriteChar(Span<byte> destination, bool isSigned)
    {
        if (IsSwitch)
            destination[0] = (byte)Raw[0];
        else
            WriteInteger(destination, isSigned);
    }

    /// <summary>Writes an integer of as many bytes as are given.</summary>
    /// <exception cref="BpfException">The value is something else, or too large.</exception>
    public void WriteInteger(Span<byte> destination, bool isSigned)
    {
        if (IsSwitch || IsText)
            throw Mismatch("an integer");
        if (!CInteger.TryParse(Raw, out ulong number))
            throw Invalid($"Its value {Raw} is no integer.");
        if (!Fits(number, destination.Length, isSigned))
            throw new BpfException("kconfig", Errno.ERANGE, Describe(), $"Its value {Raw} does not fit in {destination.Length} bytes.");
        WriteNumber(destination, number);
    }

    /// <summary>Writes an array of <c>char</c>, with a zero at its end; backslashes are not interpreted.</summary>
    /// <returns><see langword="false"/> when the text was cut off to fit.</returns>
    /// <exception cref="BpfException">The value is something else.</exception>
    public bool WriteText(Span<byte> destination)
    {
        if (!IsText)
            throw Mismatch("an array of char");
        if (Raw.Length < 2 || Raw[^1] != '"')
            throw Invalid($"Its value {Raw} has no end.");
        byte[] text = Encoding.UTF8.GetBytes(Raw[1..^1]);
        int length = Math.Min(text.Length, destination.Length - 1);
        text.AsSpan(0, length).CopyTo(destination);
        destination[length..].Clear();
        return length == text.Length;
    }

    // For a signed variable the number, as 64 bits, must lie between -2^(n-1) and 2^(n-1)-1, both inclusive.
    private static bool Fits(ulong number, int size, bool isSigned)
    {
        if (size == sizeof(ulong))
            return true;
        int bits = size * 8;
        return isSigned
            ? unchecked(number + (1UL << (bits - 1))) < 1UL << bits
            : number >> bits == 0;
    }

    private static void WriteNumber(Span<byte> destination, ulong number)
    {
        switch (destination.Length)
        {
            case sizeof(byte):
                destination[0] = (byte)number;
                break;
            case sizeof(ushort):
                MemoryMarshal.Write(destination, (ushort)number);
                break;
            case sizeof(uint):
                MemoryMarshal.Write(destination, (uint)number);
                break;
            case sizeof(ulong):
                MemoryMarshal.Write(destination, number);
                break;
            default:
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"No integer has {destination.Length} bytes."), nameof(destination));
        }
    }

    private string Describe() => $"extern '{Name}'";

    private BpfException Mismatch(string variable)
    {
        string value = IsSwitch ? Raw[0] == 'm' ? "a module (a tristate or char)" : "a switch (a bool, tristate or char)"
            : IsText ? "a text (an array of char)" : "a number (an integer or char)";
        return Invalid($"The kernel's value {Raw} is {value}, but the variable is {variable}.");
    }

    private BpfException Invalid(string reason) => new("kconfig", Errno.EINVAL, Describe(), reason);
}

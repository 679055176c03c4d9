using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Writes values of the kernel's configuration into the variables that a program reads them from.</summary>
internal static class KernelConfigWriter
{
    /// <summary>Writes the text behind the <c>=</c> of a configuration line.</summary>
    /// <exception cref="BpfFormatException">The text does not fit the type of the variable.</exception>
    public static void Write(BpfExternDefinition definition, string text, Span<byte> target)
    {
        switch (text)
        {
            case ['y' or 'n' or 'm', ..]:
                WriteChoice(definition, text[0], target);
                break;
            case ['"', .. var quoted]:
                WriteString(definition, quoted, target);
                break;
            default:
                WriteNumber(definition, ParseNumber(definition, text), target);
                break;
        }
    }

    /// <summary>Writes a number, which must be in the range of the variable.</summary>
    /// <exception cref="BpfFormatException">It is not, or the variable takes no number.</exception>
    public static void WriteNumber(BpfExternDefinition definition, ulong value, Span<byte> target)
    {
        bool takesNumbers = definition.ConfigType is KernelConfigType.Integer or KernelConfigType.Char
            || (definition.ConfigType == KernelConfigType.Bool && value <= 1);
        if (!takesNumbers) throw Bad(definition, value.ToString(CultureInfo.InvariantCulture), "is no number");
        if (!Fits(definition, value, target.Length)) throw Bad(definition, ((long)value).ToString(CultureInfo.InvariantCulture), $"has only {target.Length} bytes");
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..target.Length].CopyTo(target);
        if (!BitConverter.IsLittleEndian) target.Reverse();
    }

    private static void WriteChoice(BpfExternDefinition definition, char choice, Span<byte> target)
    {
        switch (definition.ConfigType)
        {
            case KernelConfigType.Bool when choice != 'm':
                target[0] = choice == 'y' ? (byte)1 : (byte)0;
                break;
            case KernelConfigType.Bool:
                throw Bad(definition, "m", "is a boolean, which has no value for a module; declare it as enum libbpf_tristate");
            case KernelConfigType.Tristate:
                // enum libbpf_tristate: TRI_NO, TRI_YES, TRI_MODULE.
                target.Clear();
                target[BitConverter.IsLittleEndian ? 0 : target.Length - 1] = choice switch { 'n' => 0, 'y' => 1, _ => 2 };
                break;
            case KernelConfigType.Char:
                target[0] = (byte)choice;
                break;
            default:
                throw Bad(definition, choice.ToString(), "is neither bool, char nor enum libbpf_tristate");
        }
    }

    private static void WriteString(BpfExternDefinition definition, string quoted, Span<byte> target)
    {
        if (definition.ConfigType != KernelConfigType.CharArray) throw Bad(definition, "\"" + quoted, "is no array of char");
        if (!quoted.EndsWith('"')) throw Bad(definition, "\"" + quoted, "is set to a text without end");

        // As much as fits with its NUL.
        byte[] text = Encoding.UTF8.GetBytes(quoted[..^1]);
        int length = Math.Min(text.Length, target.Length - 1);
        target.Clear();
        text.AsSpan(0, length).CopyTo(target);
    }

    // As the kernel's build wrote it: a number of C.
    private static ulong ParseNumber(BpfExternDefinition definition, string text) =>
        CInteger.TryParseUnsigned(text, out ulong value) ? value : throw Bad(definition, text, "is set to what is no number");

    private static bool Fits(BpfExternDefinition definition, ulong value, int size)
    {
        if (size >= sizeof(ulong)) return true;
        int bits = size * 8;
        return definition.IsSigned
            ? (long)value >= -(1L << (bits - 1)) && (long)value < 1L << (bits - 1)
            : value < 1UL << bits;
    }

    private static BpfFormatException Bad(BpfExternDefinition definition, string value, string why) => new(
        $"The kernel's configuration has {definition.Name}={value}, but the __kconfig extern {why}.", ".kconfig", null, BpfDiagnosticId.BadKernelConfigValue);
}

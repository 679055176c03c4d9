using System;
using System.Globalization;
using System.Text;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>Writes the configuration of the machine's kernel into the variables that programs read it from.</summary>
internal static class KernelConfigValues
{
    /// <summary>Fills the map <c>.kconfig</c>.</summary>
    /// <exception cref="ArgumentException">A value does not fit the type of its variable.</exception>
    public static void Write(BpfMachine machine, BpfObjectFile file, Span<byte> section)
    {
        foreach (BpfExternDefinition definition in file.Externs)
        {
            if (definition.Kind != BpfExternKind.KernelConfig) continue;
            Span<byte> target = section.Slice((int)definition.Offset, (int)definition.Size);
            // What libbpf makes up, beside the kernel's own configuration, can be set like it.
            string? text = machine.Kernel.Config.TryGetValue(definition.Name, out string? set) ? set : MadeUp(machine, definition.Name);
            Write(definition, text ?? "", target);
        }
    }

    private static string? MadeUp(BpfMachine machine, string name) => name switch
    {
        "LINUX_KERNEL_VERSION" => machine.Types.Version.ToString(CultureInfo.InvariantCulture),
        "LINUX_HAS_BPF_COOKIE" or "LINUX_HAS_SYSCALL_WRAPPER" => "1",
        _ => null,
    };

    private static void Write(BpfExternDefinition definition, string text, Span<byte> target)
    {
        target.Clear();
        switch (definition.ConfigType)
        {
            case KernelConfigType.CharArray:
                byte[] bytes = Encoding.UTF8.GetBytes(text.Trim('"'));
                bytes.AsSpan(0, Math.Min(bytes.Length, target.Length - 1)).CopyTo(target);
                break;
            case KernelConfigType.Bool:
                target[0] = text is "y" or "1" ? (byte)1 : (byte)0;
                break;
            case KernelConfigType.Tristate:
                WriteNumber(target, text switch { "y" => 1ul, "m" => 2, _ => 0 });
                break;
            case KernelConfigType.Char:
                target[0] = text.Length > 0 ? (byte)text[0] : (byte)0;
                break;
            default:
                WriteNumber(target, ParseNumber(definition, text));
                break;
        }
    }

    private static ulong ParseNumber(BpfExternDefinition definition, string text)
    {
        if (text.Length == 0) return 0;
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (isHex && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex)) return hex;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return (ulong)number;
        throw new ArgumentException($"The configuration of the machine's kernel has {definition.Name}={text}, and the program reads a number.");
    }

    private static void WriteNumber(Span<byte> target, ulong value)
    {
        for (int i = 0; i < target.Length; i++) target[i] = i < 8 ? (byte)(value >> (i * 8)) : (byte)0;
    }
}

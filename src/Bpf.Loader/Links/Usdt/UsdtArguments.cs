using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Reads where the arguments of a USDT probe are: <c>SIZE@PLACE</c> for each, a negative size for signed values.</summary>
internal static class UsdtArguments
{
    /// <summary>How many arguments usdt.bpf.h has room for.</summary>
    public const int Maximum = 12;

    /// <summary>Reads the description of all arguments.</summary>
    /// <exception cref="BpfAttachException">An argument is in a place of an unknown form, or there are too many.</exception>
    public static IReadOnlyList<UsdtArgument> Parse(string text, ElfMachine machine)
    {
        var arguments = new List<UsdtArgument>();
        var scanner = new UsdtScanner(text);
        while (!scanner.AtEnd)
        {
            if (arguments.Count == Maximum)
                throw Bad(text, Errno.E2BIG, $"there are more than {Maximum} arguments");
            int start = scanner.Position;
            if (!TryParseOne(ref scanner, machine, out UsdtArgument argument))
                throw Bad(text, Errno.EINVAL, $"argument {arguments.Count}, '{text[start..]}', is not a form that is known for {machine}");
            arguments.Add(argument);
        }

        return arguments;
    }

    private static bool TryParseOne(ref UsdtScanner scanner, ElfMachine machine, out UsdtArgument argument)
    {
        argument = default;
        if (!scanner.TakeNumber(out long size) || size is not (1 or 2 or 4 or 8 or -1 or -2 or -4 or -8) || !scanner.Take('@')) return false;
        bool known = machine switch
        {
            ElfMachine.X64 => UsdtX64Place.TryParse(ref scanner, out argument),
            ElfMachine.Arm64 => UsdtArm64Place.TryParse(ref scanner, out argument),
            _ => false,
        };
        argument = argument with { Size = (byte)(size < 0 ? -size : size), IsSigned = size < 0 };
        return known;
    }

    private static BpfAttachException Bad(string text, Errno errno, string reason) => new(
        BpfDiagnosticId.BadUsdtNote, $"USDT arguments '{text}'", $"The arguments of a USDT probe, '{text}', cannot be read: {reason}.", errno);
}

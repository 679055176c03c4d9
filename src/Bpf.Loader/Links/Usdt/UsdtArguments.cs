using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Reads where the arguments of a USDT probe are: <c>SIZE@PLACE</c> for each, a negative size for signed values.</summary>
internal static class UsdtArguments
{
    /// <summary>How many arguments usdt.bpf.h has room for.</summary>
    public const int Maximum = 12;

    /// <summary>Reads the description of all arguments; what is in a place of a form that is not known is there, unreadable.</summary>
    /// <exception cref="BpfAttachException">There are too many.</exception>
    public static IReadOnlyList<UsdtArgument> Parse(string text, UsdtPlace place)
    {
        IReadOnlyList<string> words = UsdtArgumentWords.Split(text);
        if (words.Count > Maximum)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.BadUsdtNote, $"USDT arguments '{text}'",
                $"The arguments of a USDT probe, '{text}', cannot be read: there are more than {Maximum} arguments.", Errno.E2BIG);
        }

        var arguments = new UsdtArgument[words.Count];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = ParseOne(words[i], place);
        return arguments;
    }

    private static UsdtArgument ParseOne(string word, UsdtPlace place)
    {
        var scanner = new UsdtScanner(word);
        bool hasSize = scanner.TakeNumber(out long size) && size is 1 or 2 or 4 or 8 or -1 or -2 or -4 or -8;
        if (!hasSize) size = sizeof(ulong);
        UsdtArgument argument = !hasSize || !scanner.Take('@') ? UsdtArgument.Unreadable("it does not begin with the size of an integer") : place.Machine switch
        {
            ElfMachine.X64 => UsdtX64Place.Parse(ref scanner, place),
            ElfMachine.Arm64 => UsdtArm64Place.Parse(ref scanner, place),
            ElfMachine.RiscV => UsdtRiscVPlace.Parse(ref scanner, place),
            ElfMachine.S390 => UsdtS390Place.Parse(ref scanner, place),
            _ => UsdtArgument.Unreadable($"arguments are not read for the machine {place.Machine}"),
        };
        if (argument.Reason is null && !scanner.AtEnd) argument = scanner.NotUnderstood;
        if (argument.Reason is not null) argument = place.Failing(argument);
        return argument with { Size = (byte)(size < 0 ? -size : size), IsSigned = size < 0 };
    }
}

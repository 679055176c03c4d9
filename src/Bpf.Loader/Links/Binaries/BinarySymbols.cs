using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Finds functions of an executable or library, as offsets in its file, which is what the kernel takes.</summary>
internal static class BinarySymbols
{
    /// <summary>The offset of one function.</summary>
    /// <remarks>
    /// The dynamic table is looked at first, and the first table with the name decides, as in libbpf. Of several versions the
    /// default one is taken, as the dynamic linker does, where libbpf gives up.
    /// </remarks>
    /// <exception cref="BpfAttachException">There is no such function, there are several, or no probe in it can be hit.</exception>
    public static ulong FindFunction(BinaryImage binary, string function)
    {
        var name = new SymbolName(function);
        BinarySymbol? misplaced = null;
        foreach (BinarySymbolTable table in Tables(binary, staticFirst: false))
        {
            var choice = new FunctionChoice(binary, table, name);
            foreach (BinarySymbol symbol in SymbolSearch.Find(table, name)) choice.Add(symbol);
            if (choice.Take() is ulong offset) return offset + (ulong)binary.Start;
            misplaced ??= choice.Misplaced;
        }

        throw misplaced is BinarySymbol symbolOutside ? NotCode(binary, function, symbolOutside) : MissingFunction.Of(binary, name);
    }

    /// <summary>All functions whose names match a pattern. The static table is looked at first, as in libbpf.</summary>
    /// <exception cref="BpfAttachException">No function matches.</exception>
    public static IReadOnlyList<(string Name, ulong Offset)> FindPattern(BinaryImage binary, string pattern)
    {
        byte[] glob = Encoding.UTF8.GetBytes(pattern);
        foreach (BinarySymbolTable table in Tables(binary, staticFirst: true))
        {
            List<BinaryFunction> found = FunctionWalk.Read(binary, table, name => GlobPattern.IsMatch(name, glob));
            if (found.Count > 0) return found.ConvertAll(function => (function.Name, function.Offset + (ulong)binary.Start));
        }

        throw new BpfAttachException(
            BpfDiagnosticId.NoMatch, $"functions '{pattern}' of '{binary.Path}'", $"No function of '{binary.Path}' matches '{pattern}'.",
            Errno.ENOENT, hint: MissingFunction.NamelessHint(binary));
    }

    /// <summary>The symbol tables that a binary has.</summary>
    public static IEnumerable<BinarySymbolTable> Tables(BinaryImage binary, bool staticFirst)
    {
        if (staticFirst && binary.StaticSymbols is BinarySymbolTable first) yield return first;
        if (binary.DynamicSymbols is BinarySymbolTable dynamic) yield return dynamic;
        if (!staticFirst && binary.StaticSymbols is BinarySymbolTable last) yield return last;
    }

    /// <summary>The address of the code of a function: on arm the lowest bit only tells its instruction set.</summary>
    public static ulong CodeAddress(BinaryImage binary, in BinarySymbol symbol) =>
        binary.Machine == ElfMachine.Arm ? symbol.Address & ~1UL : symbol.Address;

    private static BpfAttachException NotCode(BinaryImage binary, string function, in BinarySymbol symbol)
    {
        ElfProgramHeader? segment = binary.Segments.TryGetOffset(symbol.Address, out _, out ElfProgramHeader found) ? found : null;
        return new BpfAttachException(
            BpfDiagnosticId.NotProbeable, $"function '{function}' of '{binary.Path}'",
            FormattableString.Invariant($"No probe in '{function}' of '{binary.Path}' can be hit: its address is 0x{symbol.Address:x}, and {BinarySegments.Obstacle(segment)}."));
    }
}

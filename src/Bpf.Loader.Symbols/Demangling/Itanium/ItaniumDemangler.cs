using System;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>
/// Decodes names of the Itanium C++ ABI, which all compilers but Microsoft's follow: https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling.
/// What is printed is laid out as binutils do.
/// </summary>
internal static class ItaniumDemangler
{
    private const string Constructors = "_GLOBAL_";

    /// <summary>Whether a name may be one.</summary>
    public static bool IsMangled(string name) => name.StartsWith("_Z", StringComparison.Ordinal) || IsConstructors(name);

    /// <summary>Decodes a name.</summary>
    /// <exception cref="DemangleException">It is malformed.</exception>
    public static string Demangle(string mangled, bool verbose)
    {
        if (IsConstructors(mangled))
        {
            string keyed = mangled[(Constructors.Length + 3)..];
            if (keyed.Length == 0) throw new DemangleException();
            string name = keyed.StartsWith("_Z", StringComparison.Ordinal) ? Demangle(keyed, verbose) : keyed;
            return $"global {(mangled[Constructors.Length + 1] == 'I' ? "constructors" : "destructors")} keyed to {name}";
        }

        using var printer = new Printer();
        printer.Print(new ItaniumParser(mangled, verbose).ReadAll());
        return printer.ToString();
    }

    // What GCC runs before main, for all of a file: _GLOBAL__I_ and the first name in it.
    private static bool IsConstructors(string name) =>
        name.Length > Constructors.Length + 3 && name.StartsWith(Constructors, StringComparison.Ordinal)
        && name[Constructors.Length] is '_' or '.' or '$' && name[Constructors.Length + 1] is 'I' or 'D' && name[Constructors.Length + 2] == name[Constructors.Length];
}

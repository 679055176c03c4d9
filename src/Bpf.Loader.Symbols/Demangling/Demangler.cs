using System;
using Bpf.Loader.Symbols.Demangling;
using Bpf.Loader.Symbols.Demangling.Itanium;
using Bpf.Loader.Symbols.Demangling.Rust;

namespace Bpf.Loader.Symbols;

/// <summary>Turns the names that compilers give to functions of C++ (Itanium ABI) and Rust (legacy and v0) back into those of the source.</summary>
/// <remarks>
/// Names come from files that anybody may have written: what they may cost is bounded, and one that is malformed, or would be longer
/// than a million letters, is no name of these languages. Safe to use from several threads.
/// </remarks>
public static class Demangler
{
    /// <summary>Decodes a name.</summary>
    /// <param name="mangled">The name as a symbol table has it, such as <c>_ZN3foo3barEv</c>, without a version behind <c>@</c>.</param>
    /// <param name="verbose">
    /// Whether abbreviations of the standard library are written out (<c>std::string</c>), and the hashes by which Rust tells crates and
    /// functions apart are kept, as <c>c++filt</c> does; else it is as <c>addr2line</c>, <c>nm</c> and debuggers show it.
    /// </param>
    /// <returns>What the name says, or the name itself when it is of neither language.</returns>
    public static string Demangle(string mangled, bool verbose = false) => TryDemangle(mangled, out string name, verbose) ? name : mangled;

    /// <summary>Decodes a name, if it is one of C++ or Rust.</summary>
    /// <param name="mangled">The name as a symbol table has it.</param>
    /// <param name="name">What it says; empty when it is of neither language.</param>
    /// <param name="verbose">As for <see cref="Demangle"/>.</param>
    /// <returns><see langword="false"/> when it is of neither language.</returns>
    public static bool TryDemangle(string mangled, out string name, bool verbose = false)
    {
        ArgumentNullException.ThrowIfNull(mangled);
        try
        {
            if (mangled.StartsWith("_R", StringComparison.Ordinal))
            {
                name = RustDemangler.Demangle(mangled, verbose);
                return true;
            }

            if (ItaniumDemangler.IsMangled(mangled))
            {
                // Rust's older names are names of C++ as well, of a form that C++ does not give.
                name = LegacyRustDemangler.TryDemangle(mangled, verbose) ?? ItaniumDemangler.Demangle(mangled, verbose);
                return true;
            }
        }
        catch (DemangleException)
        {
            // It only looked like one.
        }

        name = "";
        return false;
    }
}

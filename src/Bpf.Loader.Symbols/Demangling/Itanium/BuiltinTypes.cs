namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>The types that the ABI has letters for.</summary>
internal static class BuiltinTypes
{
    /// <summary>The type of a letter; null when there is none.</summary>
    public static string? Find(char letter) => letter switch
    {
        'a' => "signed char",
        'b' => "bool",
        'c' => "char",
        'd' => "double",
        'e' => "long double",
        'f' => "float",
        'g' => "__float128",
        'h' => "unsigned char",
        'i' => "int",
        'j' => "unsigned int",
        'l' => "long",
        'm' => "unsigned long",
        'n' => "__int128",
        'o' => "unsigned __int128",
        's' => "short",
        't' => "unsigned short",
        'v' => "void",
        'w' => "wchar_t",
        'x' => "long long",
        'y' => "unsigned long long",
        'z' => "...",
        _ => null,
    };

    /// <summary>The type of a letter behind a D; null when there is none.</summary>
    public static string? FindExtended(char letter) => letter switch
    {
        'a' => "auto",
        'c' => "decltype(auto)",
        'd' => "decimal64",
        'e' => "decimal128",
        'f' => "decimal32",
        'h' => "half",
        'i' => "char32_t",
        'n' => "decltype(nullptr)",
        's' => "char16_t",
        'u' => "char8_t",
        _ => null,
    };

    /// <summary>What stands behind a number of a type in place of its name in front; null when the name is written.</summary>
    public static string? LiteralSuffix(char letter) => letter switch
    {
        'i' => "",
        'j' => "u",
        'l' => "l",
        'm' => "ul",
        'x' => "ll",
        'y' => "ull",
        _ => null,
    };
}

using System.Collections.Frozen;
using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>An operator.</summary>
/// <param name="Code">Its two letters.</param>
/// <param name="Name">How it is written; with a space behind a word that stands before its operand.</param>
/// <param name="Operands">How many operands it has.</param>
internal sealed record Operator(string Code, string Name, int Operands)
{
    private static readonly Operator[] All =
    [
        new("aN", "&=", 2), new("aS", "=", 2), new("aa", "&&", 2), new("ad", "&", 1), new("an", "&", 2), new("at", "alignof ", 1),
        new("aw", "co_await ", 1), new("az", "alignof ", 1), new("cc", "const_cast", 2), new("cl", "()", 2), new("cm", ",", 2),
        new("co", "~", 1), new("dV", "/=", 2), new("da", "delete[] ", 1), new("dc", "dynamic_cast", 2), new("de", "*", 1),
        new("dl", "delete ", 1), new("ds", ".*", 2), new("dt", ".", 2), new("dv", "/", 2), new("eO", "^=", 2), new("eo", "^", 2),
        new("eq", "==", 2), new("ge", ">=", 2), new("gs", "::", 1), new("gt", ">", 2), new("ix", "[]", 2), new("lS", "<<=", 2),
        new("le", "<=", 2), new("li", "operator\"\"", 1), new("ls", "<<", 2), new("lt", "<", 2), new("mI", "-=", 2), new("mL", "*=", 2),
        new("mi", "-", 2), new("ml", "*", 2), new("mm", "--", 1), new("na", "new[]", 3), new("ne", "!=", 2), new("ng", "-", 1),
        new("nt", "!", 1), new("nw", "new", 3), new("nx", "noexcept", 1), new("oR", "|=", 2), new("oo", "||", 2), new("or", "|", 2),
        new("pL", "+=", 2), new("pl", "+", 2), new("pm", "->*", 2), new("pp", "++", 1), new("ps", "+", 1), new("pt", "->", 2),
        new("qu", "?", 3), new("rM", "%=", 2), new("rS", ">>=", 2), new("rc", "reinterpret_cast", 2), new("rm", "%", 2), new("rs", ">>", 2),
        new("sP", "sizeof...", 1), new("sZ", "sizeof...", 1), new("sc", "static_cast", 2), new("ss", "<=>", 2), new("st", "sizeof ", 1),
        new("sz", "sizeof ", 1), new("te", "typeid ", 1), new("ti", "typeid ", 1), new("tr", "throw", 0), new("tw", "throw ", 1),
    ];

    private static readonly FrozenDictionary<(char, char), Operator> ByCode = All.ToFrozenDictionary(each => (each.Code[0], each.Code[1]));

    /// <summary>The operator of two letters; null when there is none.</summary>
    public static Operator? Find(char first, char second) => ByCode.GetValueOrDefault((first, second));
}

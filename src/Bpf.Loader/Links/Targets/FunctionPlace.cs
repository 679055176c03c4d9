using System;

namespace Bpf.Loader.Links.Targets;

/// <summary>An instruction in a function, as people write it: <c>FUNCTION</c> or <c>FUNCTION+OFFSET</c>.</summary>
/// <param name="Function">The function.</param>
/// <param name="Offset">Bytes from its beginning.</param>
internal readonly record struct FunctionPlace(string Function, long Offset)
{
    /// <summary>Reads one. Only a number at the very end is an offset: names of C++ and Rust functions may hold a plus sign.</summary>
    public static FunctionPlace Parse(string text)
    {
        int plus = text.LastIndexOf('+');
        return plus > 0 && CInteger.TryParse(text.AsSpan(plus + 1), out long offset) ? new FunctionPlace(text[..plus], offset) : new FunctionPlace(text, 0);
    }

    /// <summary>Reads one for a probe; that of a return has no offset.</summary>
    /// <exception cref="ArgumentException">It is empty, or has an offset where none can be.</exception>
    public static FunctionPlace Parse(string text, bool atReturn)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        FunctionPlace place = Parse(text);
        if (place.Offset < 0) throw new ArgumentException($"'{text}': the offset is negative.", nameof(text));
        return atReturn && place.Offset != 0 ? throw new ArgumentException($"'{text}': the return of a function has no offset.", nameof(text)) : place;
    }
}

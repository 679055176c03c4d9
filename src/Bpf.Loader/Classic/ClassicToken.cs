namespace Bpf.Loader.Classic;

/// <summary>A piece of assembly.</summary>
/// <param name="Text">A word, or one character of punctuation; empty at the end.</param>
/// <param name="Number">The number that it is; null when it is none.</param>
/// <param name="Line">The line that it is in, from 1 on.</param>
internal readonly record struct ClassicToken(string Text, long? Number, int Line)
{
    /// <summary>True for a word.</summary>
    public bool IsWord => Text.Length > 0 && (char.IsAsciiLetter(Text[0]) || Text[0] == '_');
}

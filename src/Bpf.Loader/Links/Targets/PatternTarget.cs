namespace Bpf.Loader.Links.Targets;

/// <summary>Which kernel functions many probes go to: <c>kprobe.multi/PATTERN</c> and its relatives.</summary>
internal static class PatternTarget
{
    /// <summary>Reads a section name.</summary>
    /// <param name="section">The section name.</param>
    /// <param name="allowModule">True when the pattern may begin with <c>MODULE:</c>, as in <c>fentry.multi</c>.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>False when it names no target at all: the program is not attached by itself.</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParse(string section, bool allowModule, out string pattern)
    {
        pattern = "";
        SectionTarget parts = SectionTarget.Split(section);
        if (!parts.HasArgument) return false;

        int end = 0;
        while (end < parts.Argument.Length && IsPatternChar(parts.Argument[end], allowModule)) end++;
        if (end == 0)
            throw parts.Error("it has no pattern of function names", $"{parts.Kind}/PATTERN, where * stands for any text and ? for one character");
        pattern = new string(parts.Argument[..end]);
        return true;
    }

    private static bool IsPatternChar(char c, bool allowModule) =>
        char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '*' or '?' || (allowModule && c == ':');
}

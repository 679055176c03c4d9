using System;
using System.Collections.Generic;

namespace Bpf.Tool.Output;

/// <summary>Prose in lines.</summary>
internal static class Wrapped
{
    /// <summary>Breaks a paragraph between words; an empty one is one empty line.</summary>
    public static IEnumerable<string> Lines(string paragraph, int width)
    {
        string line = "";
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length != 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}

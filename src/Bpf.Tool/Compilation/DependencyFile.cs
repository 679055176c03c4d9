using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bpf.Tool.Compilation;

/// <summary>The files that an object was made of, as compilers write them for <c>make</c>.</summary>
internal static class DependencyFile
{
    /// <summary>The files behind the first colon, each once, as full paths.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        var files = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        bool isBehind = false;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            char next = i + 1 < text.Length ? text[i + 1] : ' ';
            if (c == '\\' && next is '\n' or '\r')
            {
                continue;
            }

            if ((c == '\\' && next is ' ' or '#') || (c == '$' && next == '$'))
            {
                word.Append(next);
                i++;
            }
            else if (!char.IsWhiteSpace(c))
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                // A colon ends the name of what is made; a drive of Windows has one behind it that is no end.
                if (isBehind && !word.ToString().Contains('\0') && Path.GetFullPath(word.ToString()) is string path && known.Add(path)) files.Add(path);
                isBehind |= word[^1] == ':';
                word.Clear();
            }
        }

        return files;
    }
}

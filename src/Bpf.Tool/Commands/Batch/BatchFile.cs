using System.Collections.Generic;
using System.IO;

namespace Bpf.Tool.Commands.Batch;

/// <summary>
/// Reads commands, one a line, by the grammar of <c>bpftool batch</c>: <c>#</c> begins a comment, a backslash at the end of a line goes
/// on in the next one, and a word that begins with a quote ends with it. A <c>#</c> within quotes is text here; bpftool cuts there.
/// </summary>
internal static class BatchFile
{
    /// <summary>The commands, each with the number of its first line.</summary>
    /// <exception cref="UsageException">A quote has no end, or a line that goes on none behind it.</exception>
    public static IEnumerable<(int Line, string[] Words)> Read(TextReader reader, string name)
    {
        int number = 0;
        while (reader.ReadLine() is string line)
        {
            int first = ++number;
            line = WithoutComment(line);
            while (line.EndsWith('\\'))
            {
                string next = reader.ReadLine() ?? throw new UsageException($"{name}:{first}: The line goes on, but none comes behind it.");
                number++;
                line = line[..^1] + WithoutComment(next);
            }

            string[] words = Split(line, $"{name}:{first}");
            if (words.Length > 0) yield return (first, words);
        }
    }

    private static string WithoutComment(string line)
    {
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'' && (i == 0 || char.IsWhiteSpace(line[i - 1]))) quote = c;
            else if (c == '#') return line[..i];
        }

        return line;
    }

    private static string[] Split(string line, string place)
    {
        var words = new List<string>();
        for (int i = 0; i < line.Length;)
        {
            if (char.IsWhiteSpace(line[i]))
            {
                i++;
                continue;
            }

            int end;
            if (line[i] is '"' or '\'')
            {
                end = line.IndexOf(line[i], i + 1);
                if (end < 0) throw new UsageException($"{place}: The quote at column {i + 1} has no end.");
                words.Add(line[(i + 1)..end++]);
            }
            else
            {
                end = i;
                while (end < line.Length && !char.IsWhiteSpace(line[end])) end++;
                words.Add(line[i..end]);
            }

            i = end;
        }

        return [.. words];
    }
}

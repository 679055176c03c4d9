using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;

namespace Bpf.Tool.Compilation;

/// <summary>
/// Tells a build what went wrong. A target of MSBuild can only fail by an error of its own, beside those that it finds in what a
/// command prints; so a build names a file, which gets the last error in parts, for the target to fail with.
/// </summary>
internal static partial class BuildReport
{
    /// <summary>The environment variable that names the file.</summary>
    public const string Variable = "BPF_BUILD_ERROR";

    /// <summary>Prints lines, without the last error among them when a build takes that one.</summary>
    public static void Write(IReadOnlyList<string> lines, TextWriter messages)
    {
        int last = -1;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            for (last = lines.Count - 1; last >= 0; last--)
            {
                if (Error().Match(lines[last]) is not { Success: true } error) continue;
                File.WriteAllText(path, string.Join('\t', error.Groups["file"].Value, error.Groups["line"].Value, error.Groups["column"].Value, error.Groups["code"].Value, error.Groups["text"].Value.Replace('\t', ' ')));
                break;
            }
        }

        for (int i = 0; i < lines.Count; i++)
        {
            if (i != last && lines[i].Length > 0) messages.WriteLine(lines[i]);
        }
    }

    [GeneratedRegex(@"^(?<file>[^\t]+?)(?:\((?<line>\d+),(?<column>\d+)\)| ): error (?<code>\w+): (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Error();
}

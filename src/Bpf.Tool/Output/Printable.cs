using System;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>Makes text from elsewhere safe for a terminal: a process may be called by a command for it.</summary>
internal static class Printable
{
    /// <summary>The text, of several lines, with control characters other than line ends written as escapes, and a space for a tab.</summary>
    public static string Lines(string text) => string.Join('\n', Array.ConvertAll(text.Split('\n'), line => Text(line.Replace('\t', ' '))));

    /// <summary>The text with all control characters written as escapes.</summary>
    public static string Text(string text) => BpfText.Printable(text);
}

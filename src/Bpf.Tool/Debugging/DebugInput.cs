using System;
using System.IO;

namespace Bpf.Tool.Debugging;

/// <summary>Where commands come from: a file, or standard input, which is asked by a prompt when somebody sits there.</summary>
internal sealed class DebugInput(string? script)
{
    private readonly TextReader _reader = script is null ? Console.In : new StringReader(File.ReadAllText(script));
    private readonly bool _isInteractive = script is null && !Console.IsInputRedirected;
    private string _last = "";

    /// <summary>The next command; an empty line of somebody who sits there is the one before. Null at the end.</summary>
    public string? Read()
    {
        while (true)
        {
            if (_isInteractive) Console.Write("(bpf) ");
            string? line = _reader.ReadLine();
            if (line is null) return null;
            line = line.Trim();
            if (line.StartsWith('#')) continue;
            if (line.Length == 0 && _isInteractive) line = _last;
            if (line.Length == 0) continue;
            _last = line;
            // What is carried out is seen in what a script prints.
            if (!_isInteractive) Console.WriteLine($"(bpf) {line}");
            return line;
        }
    }
}

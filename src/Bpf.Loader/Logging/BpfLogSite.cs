using System.Collections.Generic;

namespace Bpf.Loader.Logging;

/// <summary>A call of <c>bpf_info</c> or another in a program: what all its entries have in common.</summary>
public sealed class BpfLogSite
{
    internal BpfLogSite(BpfLogLevel level, string format, string arguments, string file, int line, LogArgument[] values)
    {
        Level = level;
        Format = format;
        File = file;
        Line = line;
        Arguments = values;
        Layout = LogTemplate.Parse(format, LogNames.Split(arguments, values.Length));
    }

    /// <summary>How grave its entries are.</summary>
    public BpfLogLevel Level { get; }

    /// <summary>The format, as the program has it, such as <c>opened %s by %d</c>.</summary>
    public string Format { get; }

    /// <summary>The format with the names of the values, as loggers have it: <c>opened {name} by {pid}</c>.</summary>
    public string Template => Layout.Template;

    /// <summary>The names of the values: those of the format, or of the arguments as they are written.</summary>
    public IReadOnlyList<string> Names => Layout.Names;

    /// <summary>The name of the source file.</summary>
    public string File { get; }

    /// <summary>The line in it.</summary>
    public int Line { get; }

    internal LogArgument[] Arguments { get; }

    internal LogTemplate Layout { get; }

    /// <summary>File and line, such as <c>opensnoop.bpf.c:42</c>.</summary>
    public override string ToString() => $"{File}:{Line}";
}

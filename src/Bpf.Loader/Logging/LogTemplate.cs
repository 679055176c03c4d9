using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Bpf.Loader.Logging;

/// <summary>A format, taken apart: printf's (<c>opened %s</c>), or one with names (<c>opened {file}</c>).</summary>
internal sealed class LogTemplate
{
    private readonly List<LogPart> _parts;

    private LogTemplate(List<LogPart> parts, string[] names)
    {
        _parts = parts;
        Names = names;
        // What the format has no place for is not lost.
        for (int i = 0; i < names.Length; i++)
        {
            if (parts.Any(part => part.Index == i)) continue;
            parts.Add(new LogPart($" {names[i]}=", -1));
            parts.Add(new LogPart("", i));
        }

        Template = MakeTemplate();
    }

    /// <summary>The names of the values.</summary>
    public string[] Names { get; }

    /// <summary>The format as loggers have it.</summary>
    public string Template { get; }

    /// <summary>Takes a format apart.</summary>
    /// <param name="format">The format.</param>
    /// <param name="names">The names of the arguments, which places with names replace.</param>
    public static LogTemplate Parse(string format, string[] names)
    {
        var parts = new List<LogPart>();
        if (LogBraces.TryParse(format, names.Length, parts, out List<string> own))
        {
            string[] all = [.. names];
            for (int i = 0; i < own.Count && i < all.Length; i++) all[i] = own[i];
            LogNames.MakeUnique(all);
            return new LogTemplate(parts, all);
        }

        parts.Clear();
        LogPrintf.Parse(format, names.Length, parts);
        return new LogTemplate(parts, names);
    }

    /// <summary>The message of an entry, safe for a terminal and a log.</summary>
    public string Show(IReadOnlyList<object?> values)
    {
        var message = new StringBuilder();
        foreach (LogPart part in _parts) message.Append(part.Index < 0 ? part.Text : part.Show(values[part.Index]));
        return BpfText.Printable(message.ToString());
    }

    private string MakeTemplate()
    {
        var template = new StringBuilder();
        foreach (LogPart part in _parts)
        {
            if (part.Index < 0)
            {
                template.Append(part.Text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
                continue;
            }

            template.Append('{').Append(Names[part.Index]);
            if (part.Width != 0) template.Append(',').Append(part.Width.ToString(CultureInfo.InvariantCulture));
            if (part.Format is not null) template.Append(':').Append(part.Format);
            template.Append('}');
        }

        return template.ToString();
    }
}

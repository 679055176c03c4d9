using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Bpf.Loader;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Output;

/// <summary>
/// The report of <c>bpf check --html</c>: which object works on which kernel, and what is in the way. One file without scripts and
/// without anything from elsewhere; the same input gives the same bytes.
/// </summary>
internal static class PortabilityReport
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8885; --good: #17803d; --bad: #b3261e; --soft: #8882; }
        @media (prefers-color-scheme: dark) { :root { --good: #57c785; --bad: #ff8a80; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: 1.5rem 0 0; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; }
        th, td { padding: .35rem .8rem; border: 1px solid var(--line); text-align: left; white-space: nowrap; }
        th { background: var(--soft); font-weight: 600; }
        .good { color: var(--good); } .bad { color: var(--bad); } .bad a { color: inherit; }
        pre { background: var(--soft); padding: .6rem .8rem; overflow-x: auto; border-radius: 4px; margin: .4rem 0; }
        .kernels { opacity: .75; overflow-wrap: anywhere; } p { margin: .4rem 0; }
        """;

    /// <summary>Writes the report.</summary>
    /// <param name="files">The objects.</param>
    /// <param name="kernels">The names of the kernels.</param>
    public static string Of(IReadOnlyList<Portability> files, IReadOnlyList<string> kernels)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append("<title>Which object works on which kernel</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n");
        html.Append("<h1>Which object works on which kernel</h1>\n");
        int good = files.Sum(file => kernels.Count(kernel => file.VerdictOn(kernel) == Failure.None));
        html.Append($"<p>{good} of {files.Count * kernels.Count} pairs have no finding. There being none is no promise: the verifier may refuse what types do not tell.</p>\n");
        AppendTable(html, files, kernels);
        for (int i = 0; i < files.Count; i++) AppendFile(html, files[i], i);
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendTable(StringBuilder html, IReadOnlyList<Portability> files, IReadOnlyList<string> kernels)
    {
        html.Append("<div class=\"wide\"><table>\n<tr><th>object</th>");
        foreach (string kernel in kernels) html.Append($"<th>{Text(kernel)}</th>");
        html.Append("</tr>\n");
        for (int i = 0; i < files.Count; i++)
        {
            html.Append($"<tr><th>{Text(files[i].File)}</th>");
            foreach (string kernel in kernels)
            {
                string verdict = files[i].VerdictOn(kernel);
                html.Append(verdict == Failure.None ? $"<td class=\"good\">{verdict}</td>" : $"<td class=\"bad\"><a href=\"#object-{i}\">{Text(verdict)}</a></td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</table></div>\n");
    }

    private static void AppendFile(StringBuilder html, Portability file, int number)
    {
        if (file.IsGood && file.Diagnostics.Count == 0) return;
        html.Append($"<h2 id=\"object-{number}\">{Text(file.File)}</h2>\n");
        if (file.Failure is { } failure) html.Append($"<p class=\"bad\">{Text(failure.Code)}: {Text(failure.Message)}</p>\n");
        foreach (BpfFinding finding in file.Diagnostics) AppendFinding(html, finding, []);
        foreach (IGrouping<BpfFinding, string> finding in file.Findings) AppendFinding(html, finding.Key, finding);
    }

    private static void AppendFinding(StringBuilder html, BpfFinding finding, IEnumerable<string> kernels)
    {
        html.Append($"<h3>{finding.Id.ToCode()}: {Text(finding.What)}</h3>\n");
        string on = string.Join(", ", kernels);
        if (on.Length > 0) html.Append($"<p class=\"kernels\">on {Text(on)}</p>\n");
        BpfLocation place = finding.Place;
        if (place.SourceFile is string source) html.Append($"<pre>{Text(source)}:{place.SourceLine}\n{Text(place.SourceText?.Trim() ?? "")}</pre>\n");
        foreach (BpfOrigin origin in finding.Origins) html.Append($"<p>from: {Text(origin.What)}</p>\n");
        if (finding.Cause is string cause) html.Append($"<p>{Text(cause)}</p>\n");
        if (finding.Cure is string cure) html.Append($"<p><strong>{Text(cure)}</strong></p>\n");
    }

    // Names come from objects and files, and may hold anything.
    private static string Text(string text) => WebUtility.HtmlEncode(Printable.Text(text));
}

using System;
using System.Linq;
using System.Text.Json;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>What <c>bpf explain ID</c> prints: the entry of the page, without its marks.</summary>
internal static class DiagnosticView
{
    private const string Fence = "```", Strong = "**";

    /// <summary>Prints the entry, or which ids are near.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(int number, bool json)
    {
        if (DiagnosticPage.Find(number) is not string section)
        {
            string near = string.Join("\n", DiagnosticPage.Near(number).Select(id => $"  {DiagnosticPage.Code(id)}: {DiagnosticPage.Title(id)}"));
            Console.Error.WriteLine($"bpf: There is no {DiagnosticPage.Code(number)}. Near it are:\n{near}");
            return ExitCode.Refused;
        }

        if (json)
        {
            using var lines = new JsonLines();
            lines.Write((number, section), Write);
        }
        else
        {
            Show(number, section);
        }

        return ExitCode.Done;
    }

    private static void Show(int number, string section)
    {
        string[] lines = section.Split('\n');
        Screen.Title(DiagnosticPage.Code(number), lines[0]);
        bool isCode = false;
        foreach (string line in lines.Skip(1))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal)) isCode = !isCode;
            else if (isCode) Screen.Plain("  " + line);
            else foreach (string part in Wrapped.Lines(line.Replace(Strong, "", StringComparison.Ordinal), Screen.Width)) Screen.Plain(part);
        }
    }

    private static void Write(Utf8JsonWriter json, (int Number, string Section) entry)
    {
        string[] parts = entry.Section.Split('\n', 2);
        json.WriteStartObject();
        json.WriteString("id", DiagnosticPage.Code(entry.Number));
        json.WriteString("title", parts[0]);
        json.WriteString("text", parts.Length > 1 ? parts[1].Trim() : "");
        json.WriteString("link", ((BpfDiagnosticId)entry.Number).ToHelpLink());
        json.WriteEndObject();
    }
}

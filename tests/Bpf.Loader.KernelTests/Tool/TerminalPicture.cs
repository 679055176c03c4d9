using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>Draws what a command printed, as a terminal shows it.</summary>
internal static class TerminalPicture
{
    private const int LineHeight = 17, Margin = 10;
    private const double CharacterWidth = 7.25;

    public static string Draw(string command, string output)
    {
        string[] lines = [$"$ {command}", .. output.TrimEnd('\n').Split('\n')];
        int width = (int)(lines.Max(line => line.Length) * CharacterWidth) + (2 * Margin), height = (lines.Length * LineHeight) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"#1e1e2e\"/>\n");
        for (int i = 0; i < lines.Length; i++)
        {
            // The prompt, the sum, the titles, and the programs.
            string colour = i switch { 0 => "#a6e3a1", 1 => "#9399b2", 2 => "#89b4fa", _ => "#cdd6f4" };
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin}\" y=\"{Margin + 12 + (i * LineHeight)}\" fill=\"{colour}\" xml:space=\"preserve\">{WebUtility.HtmlEncode(lines[i])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}

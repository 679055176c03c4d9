using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The picture of coverage in the documentation: it is drawn here, of a run of a sample.</summary>
public sealed class CoveragePictureTests
{
    private const int FirstLine = 27, LineHeight = 17, Left = 96, Width = 860;
    private const string Covered = "#d9f5de", Partly = "#fff2c2", Missed = "#fbdcdc";

    [Fact]
    public void The_picture_shows_what_a_test_of_the_sample_runs()
    {
        string sample = Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop");
        var machine = new BpfMachine { Coverage = new BpfCoverage() };
        BpfMachineProgram filter = machine.Load(BpfObjectFile.Open(sample + ".bpf.o")).Program("filter");
        for (int i = 0; i < 3; i++) filter.RunXdp(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80));
        filter.RunXdp(Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2"));
        BpfFileCoverage file = Assert.Single(machine.Coverage.GetFiles(), static each => each.FileName.EndsWith("xdp-drop.bpf.c", StringComparison.Ordinal));
        Assert.Contains(file.Lines, static line => line.Hits == 0);
        Assert.Contains(file.Lines, static line => line.Hits > 0 && line.BranchesTaken < line.Branches);

        string path = Path.Combine(TestData.Repository, "docs/coverage.svg"), picture = Draw(File.ReadAllLines(sample + ".bpf.c"), file.Lines);
        if (Environment.GetEnvironmentVariable("BPF_SNAPSHOT_ACCEPT") == "1") File.WriteAllText(path, picture);
        Assert.Equal(picture, File.ReadAllText(path));
    }

    private static string Draw(string[] source, IReadOnlyList<BpfLineCoverage> lines)
    {
        int height = ((source.Length - FirstLine + 1) * LineHeight) + 12;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" font-family=\"monospace\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\" stroke=\"#c8c8c8\"/>\n");
        for (int number = FirstLine; number <= source.Length; number++)
        {
            int top = ((number - FirstLine) * LineHeight) + 6;
            BpfLineCoverage? line = lines.FirstOrDefault(each => each.Line == number);
            if (line is not null)
            {
                string colour = line.Hits == 0 ? Missed : line.BranchesTaken < line.Branches ? Partly : Covered;
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"1\" y=\"{top}\" width=\"{Width - 2}\" height=\"{LineHeight}\" fill=\"{colour}\"/>\n");
                Text(svg, 34, top, "end", "#555555", $"{line.Hits}×");
                if (line.Branches > 0) Text(svg, 62, top, "end", "#555555", $"{line.BranchesTaken}/{line.Branches}");
            }

            Text(svg, Left - 8, top, "end", "#999999", number.ToString(CultureInfo.InvariantCulture));
            Text(svg, Left, top, "start", "#222222", source[number - 1].Replace("\t", "    ", StringComparison.Ordinal));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Text(StringBuilder svg, int x, int top, string anchor, string colour, string text)
    {
        if (text.Length == 0) return;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{top + 13}\" text-anchor=\"{anchor}\" fill=\"{colour}\" xml:space=\"preserve\">{WebUtility.HtmlEncode(text)}</text>\n");
    }
}

using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary><c>bpf check</c>: which object works on which kernel.</summary>
public class CheckTests
{
    [Fact]
    public void Where_all_is_well_it_says_so()
    {
        BpfTool run = BpfTool.Run("check", "core_exists.bpf.o", "--btf", "btf/same.bpf.o");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal("same.bpf.o", lines[0].Trim());
        Assert.Equal(["core_exists.bpf.o", "ok"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Programs_get_the_matrix()
    {
        BpfTool run = BpfTool.Run("check", "--json", "core_exists.bpf.o", "core_enum.bpf.o", "no_such.bpf.o", "--btf", "btf/same.bpf.o", "btf/changed.bpf.o");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(3, run.Lines.Count);
        Assert.Equal(["same.bpf.o ok 0", "changed.bpf.o ok 0"], Matrix(run.Lines[0]));
        string[] enumerators = Matrix(run.Lines[1]);
        Assert.Equal("same.bpf.o ok 0", enumerators[0]);
        Assert.Matches("^changed.bpf.o BPF[0-9]{4} 1$", enumerators[1]);
        JsonElement finding = Assert.Single(run.Lines[1].GetProperty("findings").EnumerateArray());
        Assert.Equal(["changed.bpf.o"], finding.GetProperty("targets").EnumerateArray().Select(target => target.GetString()));
        Assert.Contains(finding.GetProperty("id").GetString()!, enumerators[1], StringComparison.Ordinal);
        Assert.True(finding.GetProperty("line").GetInt32() > 0);
        Assert.NotEqual("ok", run.Lines[2].GetProperty("open").GetString());
        Assert.Empty(Matrix(run.Lines[2]));
    }

    [Fact]
    public void Kernels_have_the_whole_name_of_their_file_and_the_folder_where_that_is_not_enough()
    {
        using var folder = new TemporaryFolder();
        byte[] types = TestData.Read("btf/same.bpf.o");
        string[] paths = [folder.Write("vmlinux-6.1", types), folder.Write("vmlinux-6.12", types), folder.PathOf("other/vmlinux-6.1")];
        Directory.CreateDirectory(folder.PathOf("other"));
        File.WriteAllBytes(paths[2], types);
        BpfTool run = BpfTool.Run(["check", "--json", "core_exists.bpf.o", "--btf", .. paths]);
        Assert.Equal([paths[0], "vmlinux-6.12", paths[2]], Assert.Single(run.Lines).GetProperty("kernels").EnumerateArray().Select(kernel => kernel.GetProperty("name").GetString()));
    }

    [Fact]
    public void The_report_has_every_pair_and_every_finding_and_lets_no_name_become_markup()
    {
        using var folder = new TemporaryFolder();
        string odd = folder.Write("<b>&odd.o", TestData.Read("core_enum.bpf.o")), report = folder.PathOf("report.html");
        string[] arguments = ["check", "core_exists.bpf.o", odd, "--btf", "btf/same.bpf.o", "btf/changed.bpf.o", "--html", report];
        BpfTool run = BpfTool.Run(arguments);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        string html = File.ReadAllText(report);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;odd.o", html, StringComparison.Ordinal);
        Assert.Contains("3 of 4 pairs", html, StringComparison.Ordinal);

        // Well-formed but for the elements that HTML does not close.
        string body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        XElement page = XElement.Parse(body);
        Assert.Equal(3, page.Descendants("tr").Count());
        Assert.Equal(["ok", "ok", "ok"], page.Descendants("td").Where(cell => (string?)cell.Attribute("class") == "good").Select(cell => cell.Value));
        XElement bad = Assert.Single(page.Descendants("td"), cell => (string?)cell.Attribute("class") == "bad");
        string target = ((string?)Assert.Single(bad.Elements("a")).Attribute("href"))!;
        Assert.Equal(target[1..], (string?)Assert.Single(page.Elements("h2")).Attribute("id"));
        Assert.StartsWith(bad.Value + ": ", Assert.Single(page.Elements("h3")).Value, StringComparison.Ordinal);
        Assert.Contains("core_enum.bpf.c:", Assert.Single(page.Elements("pre")).Value, StringComparison.Ordinal);

        BpfTool.Run(arguments);
        Assert.Equal(html, File.ReadAllText(report));
    }

    private static string[] Matrix(JsonElement line) =>
        [.. line.GetProperty("kernels").EnumerateArray().Select(kernel => $"{kernel.GetProperty("name").GetString()} {kernel.GetProperty("check").GetString()} {kernel.GetProperty("findings").GetInt32()}")];
}

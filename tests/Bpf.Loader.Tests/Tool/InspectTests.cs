using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class InspectTests
{
    private static readonly string[] Keys =
    [
        "file", "open", "message", "name", "license", "big_endian", "sections", "programs", "maps", "globals", "externs", "relocations",
        "core_relocations", "btf", "diagnostics",
    ];

    [Fact]
    public void Every_good_object_gives_one_line_in_the_order_of_the_arguments()
    {
        // The parts of linked.bpf.o are no objects by themselves.
        string[] files = [.. TestData.GoodObjects().Select(row => row.Data).Where(name => !name.Contains("linked/", StringComparison.Ordinal))];
        var tool = BpfTool.Run(["inspect", "--json", .. files]);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.Equal(files, tool.Lines.Select(line => line.GetProperty("file").GetString()!));
        foreach (JsonElement line in tool.Lines)
        {
            Assert.Equal("ok", line.GetProperty("open").GetString());
            Assert.Equal(Keys, line.EnumerateObject().Select(property => property.Name));
        }
    }

    [Fact]
    public void Execsnoop_is_described_for_programs()
    {
        JsonElement line = Assert.Single(BpfTool.Run("inspect", "--json", "execsnoop.bpf.o").Lines);
        using var pretty = new MemoryStream();
        using (var writer = new Utf8JsonWriter(pretty, new JsonWriterOptions { Indented = true }))
            line.WriteTo(writer);
        Snapshot.Match(System.Text.Encoding.UTF8.GetString(pretty.ToArray()));
    }

    [Fact]
    public void Execsnoop_is_described_for_people() => Snapshot.Match(BpfTool.Run("inspect", "execsnoop.bpf.o").Output);

    [Fact]
    public void A_bad_file_stops_no_other_and_has_a_code()
    {
        using var folder = new TemporaryFolder();
        byte[] good = TestData.Read("execsnoop.bpf.o");
        string[] files =
        [
            folder.Write("good.bpf.o", good),
            folder.PathOf("missing.bpf.o"),
            folder.PathOf("."),
            folder.Write("empty.bpf.o", []),
            folder.Write("text.bpf.o", "hello, world: this is not an object, and longer than an ELF header has to be"u8),
            folder.Write("truncated.bpf.o", good.AsSpan(0, good.Length / 2)),
            folder.Write("class32.bpf.o", Change(good, 4, 1)),
            folder.Write("x86.bpf.o", Change(good, 18, 62)),
            folder.Write("again.bpf.o", good),
        ];
        var tool = BpfTool.Run(["inspect", "--json", .. files]);
        Assert.Equal((1, ""), (tool.ExitCode, tool.Error));
        Assert.Equal(
            ["ok", "BPF1009", "BPF1009", "BPF1001", "BPF1001", "BPF1004", "BPF1002", "BPF1003", "ok"],
            tool.Lines.Select(line => line.GetProperty("open").GetString()!));
        Assert.Equal(files, tool.Lines.Select(line => line.GetProperty("file").GetString()!));
    }

    [Fact]
    public void A_bad_file_is_explained_to_people_and_stops_no_other()
    {
        var tool = BpfTool.Run("inspect", "no-such-file.bpf.o", "execsnoop.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("BPF1009", tool.Output, StringComparison.Ordinal);
        Assert.Contains("handle_exec", tool.Output, StringComparison.Ordinal);
    }

    private static byte[] Change(byte[] file, int at, byte value)
    {
        byte[] changed = [.. file];
        changed[at] = value;
        return changed;
    }
}

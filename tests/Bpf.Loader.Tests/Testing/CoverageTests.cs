using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using System.Xml.Linq;
using Bpf.Loader.Testing;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

public sealed class CoverageTests
{
    [Fact]
    public void Lines_and_branches_are_counted()
    {
        var machine = new BpfMachine { Coverage = new BpfCoverage() };
        BpfMachineObject bpf = machine.Load(BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.o")));
        BpfMachineProgram filter = bpf.Program("filter");
        Packet packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80);
        filter.RunXdp(packet);
        filter.RunXdp(packet);
        Assert.Equal((2L, 1, 2), Line("if ((void *)(ethernet + 1) > end)"));
        Assert.Equal((2L, 0, 0), Line("__builtin_memcpy(source.address + 12"));
        Assert.Equal((0L, 0, 2), Line("if ((void *)(ip + 1) > end)", nth: 1));
        Assert.Equal((2L, 2, 4), Line("drops = bpf_map_lookup_elem"));

        bpf.Map("denied").Set([96 + 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 0], new byte[8]);
        filter.RunXdp(packet);
        filter.RunXdp(packet.ToArray().AsSpan(0, 14));
        Assert.Equal((4L, 4, 4), (Line("drops = bpf_map_lookup_elem").Hits + 1, Line("drops = bpf_map_lookup_elem").Taken, Line("drops = bpf_map_lookup_elem").Branches));
        Assert.Equal(2, Line("if ((void *)(ip + 1) > end)").Taken);

        (long Hits, int Taken, int Branches) Line(string text, int nth = 0)
        {
            BpfFileCoverage file = Assert.Single(machine.Coverage!.GetFiles(), static file => file.FileName.EndsWith("xdp-drop.bpf.c", StringComparison.Ordinal));
            string[] source = File.ReadAllLines(Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.c"));
            BpfLineCoverage line = file.Lines.Where(line => source[line.Line - 1].Contains(text, StringComparison.Ordinal)).ElementAt(nth);
            return (line.Hits, line.BranchesTaken, line.Branches);
        }
    }

    [Fact]
    public void Cobertura_has_files_lines_and_conditions()
    {
        var machine = new BpfMachine { Coverage = new BpfCoverage() };
        BpfMachineObject bpf = machine.Load(BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o")));
        bpf.Program("count").Run(new BytesContext(new byte[64]));
        var writer = new StringWriter();
        machine.Coverage.WriteCobertura(writer);
        XElement coverage = XDocument.Parse(writer.ToString()).Root!;
        XElement[] lines = [.. coverage.Descendants("class").Single(static each => each.Attribute("filename")!.Value.EndsWith("maps_simple.bpf.c", StringComparison.Ordinal)).Element("lines")!.Elements()];
        Assert.Contains(lines, static line => line.Attribute("hits")!.Value == "1");
        Assert.Contains(lines, static line => line.Attribute("hits")!.Value == "0");
        Assert.Contains(lines, static line => line.Attribute("condition-coverage")?.Value == "50% (1/2)");
        Assert.Equal(lines.Count(static line => line.Attribute("hits")!.Value != "0").ToString(null, null), coverage.Attribute("lines-covered")!.Value);
    }

    [Fact]
    public void Runs_are_added_to_what_a_file_has()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("coverage.xml");
        Count(isFound: true, 1).AddToCobertura(path);
        Assert.Equal(("1", "50% (1/2)"), Condition());
        Count(isFound: false, 1).AddToCobertura(path);
        Assert.Equal(("2", "100% (2/2)"), Condition());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));

        (string Hits, string Ways) Condition()
        {
            XElement line = LinesOf(path)[ConditionIndex()];
            return (line.Attribute("hits")!.Value, line.Attribute("condition-coverage")!.Value);
        }

        int ConditionIndex() => Array.FindIndex(LinesOf(path), static line => line.Attribute("branch")!.Value == "true");
    }

    [Fact]
    public void Many_add_to_a_file_at_the_same_time()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("coverage.xml");
        BpfCoverage coverage = Count(isFound: true, 3);
        Parallel.For(0, 32, _ => coverage.AddToCobertura(path));
        Assert.Equal("96", LinesOf(path)[0].Attribute("hits")!.Value);
    }

    [Fact]
    public void A_file_that_was_not_written_to_its_end_is_written_anew()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("coverage.xml");
        BpfCoverage coverage = Count(isFound: true, 1);
        coverage.AddToCobertura(path);
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += length < 500 ? 1 : 97)
        {
            File.WriteAllBytes(path, whole.AsSpan(0, length));
            coverage.AddToCobertura(path);
            Assert.Equal("1", LinesOf(path)[0].Attribute("hits")!.Value);

            // Who was killed while it wrote had a copy.
            File.WriteAllBytes(path, whole.AsSpan(0, length));
            File.WriteAllBytes(path + ".tmp", whole);
            coverage.AddToCobertura(path);
            Assert.Equal("2", LinesOf(path)[0].Attribute("hits")!.Value);
            Assert.False(File.Exists(path + ".tmp"));
        }
    }

    [Theory]
    [InlineData("int main(void) { }")]
    [InlineData("<coverage><packages><package name=\"Some.Assembly\"/></packages></coverage>")]
    [InlineData("<report/>")]
    public void A_file_that_is_something_else_stays_as_it_is(string text)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("other");
        File.WriteAllText(path, text);
        var refused = Assert.Throws<IOException>(() => Count(isFound: true, 1).AddToCobertura(path));
        Assert.Contains("is no coverage of BPF programs", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void What_was_counted_in_a_file_that_changed_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("coverage.xml"), source = folder.PathOf("maps_simple.bpf.c");
        File.WriteAllText(source, "");
        Count(isFound: true, 1).AddToCobertura(path, Path.GetDirectoryName(path)!);
        Count(isFound: true, 1).AddToCobertura(path, Path.GetDirectoryName(path)!);
        Assert.Equal("2", LinesOf(path)[0].Attribute("hits")!.Value);
        File.SetLastWriteTimeUtc(source, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        Count(isFound: true, 1).AddToCobertura(path, Path.GetDirectoryName(path)!);
        Assert.Equal("1", LinesOf(path)[0].Attribute("hits")!.Value);
    }

    [Fact]
    public void Machines_end_while_their_counts_stay()
    {
        var coverage = new BpfCoverage();
        WeakReference machine = RunInMachine(coverage);
        RunInMachine(coverage);
        for (int i = 0; i < 10 && machine.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(machine.IsAlive);
        Assert.Contains(coverage.GetFiles().SelectMany(static file => file.Lines), static line => line.Hits == 2);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunInMachine(BpfCoverage coverage)
    {
        var machine = new BpfMachine { Coverage = coverage };
        machine.Load(BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o"))).Program("count").Run(new BytesContext(new byte[64]));
        return new WeakReference(machine);
    }

    /// <summary>Runs a program that looks an element up, which it finds where there is one.</summary>
    private static BpfCoverage Count(bool isFound, int runs)
    {
        var machine = new BpfMachine { Coverage = new BpfCoverage() };
        BpfMachineObject bpf = machine.Load(BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o")));
        if (isFound) bpf.Map("hash").Set([7, 0, 0, 0, .. "seven\0\0\0\0\0\0\0"u8], new byte[24]);
        for (int i = 0; i < runs; i++) bpf.Program("count").Run(new BytesContext(new byte[64]));
        return machine.Coverage;
    }

    private static XElement[] LinesOf(string path) =>
        [.. XDocument.Load(path).Descendants("class").Single(static each => each.Attribute("filename")!.Value.EndsWith("maps_simple.bpf.c", StringComparison.Ordinal)).Element("lines")!.Elements()];

    [Fact]
    public void Each_process_has_a_file_of_its_own_in_a_folder()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Assert.Equal(folder, BpfCoverage.FileFor(folder));
            string file = BpfCoverage.FileFor(folder + Path.DirectorySeparatorChar);
            Assert.Equal($"{AppDomain.CurrentDomain.FriendlyName}.{Environment.ProcessId}.bpf.cobertura.xml", Path.GetFileName(file));
            Assert.True(Directory.Exists(folder));
            Assert.Equal(file, BpfCoverage.FileFor(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Bpf.Loader.Testing;
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

        bpf.Map("denied").Update([96 + 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 0], new byte[8]);
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

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Bpf.Loader.Symbols;
using Google.Protobuf;
using Xunit;

namespace Bpf.Loader.Tests.Symbols;

public class StackProfileTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Equal_stacks_are_counted_together()
    {
        StackProfile profile = Sample();
        Assert.Equal(3, profile.Stacks.Count);
        Assert.Equal(60, profile.Total);
        Assert.Equal(30, profile.Stacks[Stack(7, Frame("main", 0x10), Frame("work;hard", 0x20))]);
        Assert.Throws<ArgumentOutOfRangeException>(() => profile.Add(Stack(1), -1));
    }

    [Fact]
    public void Folded_text_has_a_stack_a_line() => Assert.Equal(
        "app;main;read_[k] 20\napp;main;void [app] Worker::Run()_[j] 10\napp;main;work:hard 30\n", Text(ProfileFormat.Folded));

    [Fact]
    public void A_flame_graph_has_a_box_for_each_function_as_wide_as_its_share()
    {
        XElement svg = XDocument.Parse(Text(ProfileFormat.FlameGraph)).Root!;
        Dictionary<string, XElement> boxes = svg.Descendants(Svg + "title").ToDictionary(title => title.Value, title => title.Parent!.Element(Svg + "rect")!);
        Assert.Equal(1200, Number(boxes["all (60 samples, 100.0 %)"], "width"));
        Assert.Equal(600, Number(boxes["work:hard (30 samples, 50.0 %) in /bin/app"], "width"));
        Assert.Equal(400, Number(boxes["read_[k] (20 samples, 33.3 %)"], "width"));
        // Callers are below those that they call.
        Assert.Equal(17, Number(boxes["all (60 samples, 100.0 %)"], "y") - Number(boxes["app (60 samples, 100.0 %)"], "y"));
        Assert.Equal("<title> & such", svg.Elements(Svg + "text").First(text => (string?)text.Attribute("class") == "heading").Value);
    }

    [Fact]
    public void Names_that_are_no_XML_are_drawn_all_the_same()
    {
        var profile = new StackProfile();
        profile.Add(Stack(1, Frame("a\u0001<b>\ud800&\uffff", 1)));
        using var file = new MemoryStream();
        profile.Write(file, ProfileFormat.FlameGraph);
        Assert.Contains("a\ufffd<b>\ufffd&\ufffd (1 samples", XDocument.Parse(Encoding.UTF8.GetString(file.ToArray())).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Speedscope_has_frames_once_and_stacks_by_their_numbers()
    {
        JsonElement json = JsonDocument.Parse(Text(ProfileFormat.Speedscope)).RootElement;
        JsonElement profile = Assert.Single(json.GetProperty("profiles").EnumerateArray());
        string[] frames = [.. json.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("name").GetString()!)];
        Assert.Equal(5, frames.Length);
        Assert.Equal([30, 20, 10], profile.GetProperty("weights").EnumerateArray().Select(weight => weight.GetInt32()));
        Assert.Equal(60, profile.GetProperty("endValue").GetInt32());
        Assert.Equal(["app", "main", "work;hard"], profile.GetProperty("samples")[0].EnumerateArray().Select(index => frames[index.GetInt32()]));
    }

    [Fact]
    public void Pprof_has_samples_locations_functions_and_mappings_that_refer_to_one_another()
    {
        PprofFile file = PprofFile.Read(Bytes(ProfileFormat.Pprof));
        Assert.Equal([("samples", "count"), ("cpu", "nanoseconds")], file.SampleTypes);
        Assert.Equal((10_000_000L, 2_000_000_000L), (file.Period, file.Duration));
        Assert.Equal(
            ["work;hard main app: 30 300000000 pid=7", "read_[k] main app: 20 200000000 pid=7", "void [app] Worker::Run()_[j] main app: 10 100000000 pid=7"], file.Samples);
        Assert.Contains(("/bin/app", "0123abcd"), file.Mappings);
        Assert.Contains(("work;hard", "_Zwork", "/bin/app"), file.Functions);
        Assert.Contains(0x20ul, file.Addresses);
    }

    [Fact]
    public void Nothing_can_be_written_as_well()
    {
        foreach (ProfileFormat format in Enum.GetValues<ProfileFormat>())
        {
            using var file = new MemoryStream();
            new StackProfile().Write(file, format);
            if (format == ProfileFormat.FlameGraph) Assert.Equal("svg", XDocument.Parse(Encoding.UTF8.GetString(file.ToArray())).Root!.Name.LocalName);
            if (format == ProfileFormat.Pprof) Assert.Empty(PprofFile.Read(file.ToArray()).Samples);
        }
    }

    private static StackProfile Sample()
    {
        var profile = new StackProfile { Title = "<title> & such", Period = TimeSpan.FromMilliseconds(10), Duration = TimeSpan.FromSeconds(2) };
        profile.Add(Stack(7, Frame("main", 0x10), Frame("work;hard", 0x20)), 10);
        profile.Add(Stack(7, Frame("main", 0x10), new CallFrame(0xffff, new Symbol("read", "[kernel]", SymbolKind.Kernel, 1))), 20);
        profile.Add(Stack(7, Frame("main", 0x10), Frame("work;hard", 0x20)), 20);
        profile.Add(Stack(7, Frame("main", 0x10), new CallFrame(0x7000, new Symbol("void [app] Worker::Run()", "/tmp/perf-7.map", SymbolKind.JustInTime, 1))), 10);
        return profile;
    }

    private static CallStack Stack(int processId, params CallFrame[] frames) => new([CallFrame.Named("app"), .. frames]) { ProcessId = processId };

    private static CallFrame Frame(string name, ulong address) => new(address, new Symbol(name, "/bin/app", SymbolKind.Binary, 4) { RawName = "_Z" + name.Split(';')[0], BuildId = "0123abcd" });

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Bytes(ProfileFormat format)
    {
        using var file = new MemoryStream();
        Sample().Write(file, format);
        return file.ToArray();
    }

    private static string Text(ProfileFormat format) => Encoding.UTF8.GetString(Bytes(format));
}

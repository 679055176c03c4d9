using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Tests.Layers;
using Xunit;

namespace Bpf.Loader.Tests;

/// <summary>Holds the layers of the design: reads the library's own metadata and code, and the names of its files.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private const string Root = "Bpf.Loader";

    // What a user touches first, and nothing else.
    private const int FilesOfTheHall = 36;

    // What a folder knows, besides itself and the vocabulary at the root (errors, enums, options).
    private static readonly Dictionary<string, string[]> Knows = new()
    {
        ["Elf"] = [],
        ["Btf"] = ["Elf"],
        ["Instructions"] = [],
        ["Classic"] = ["Instructions"],
        ["Diagnostics"] = ["Btf", "Instructions"],
        ["Objects"] = ["Elf", "Btf", "Instructions"],
        ["Linking"] = ["Objects", "Elf", "Btf"],
        ["Relocation"] = ["Objects", "Elf", "Btf", "Instructions", "Diagnostics"],
        ["Records"] = ["Btf"],
        ["Interop"] = [],
        ["Kernel"] = ["Interop", "Elf", "Btf", "Instructions", "Diagnostics"],
        ["Maps"] = ["Interop", "Kernel", "Btf", "Diagnostics"],
        ["Buffers"] = ["Interop", "Kernel", "Btf", "Diagnostics"],
        ["Links"] = ["Interop", "Kernel", "Elf", "Btf", "Instructions", "Classic", "Objects", "Maps", "Diagnostics"],
        ["Logging"] = ["Objects", "Kernel", "Buffers", "Interop"],
        ["Loading"] = ["Relocation", "Kernel", "Interop", "Objects", "Elf", "Btf", "Instructions", "Maps", "Logging", "Diagnostics"],
        ["Light"] = ["Loading", "Relocation", "Kernel", "Interop", "Objects", "Elf", "Btf", "Instructions", "Logging", "Diagnostics"],
    };

    private static readonly string[] Pure = ["Elf", "Btf", "Instructions", "Classic", "Diagnostics", "Objects", "Linking", "Relocation", "Records"];

    // The way to the outside world in the class library.
    private static readonly string[] Outside =
    [
        "System.IO.", "System.Diagnostics.Process", "System.Net.", "System.Threading.Thread", "Microsoft.Win32.",
        "System.Runtime.InteropServices.NativeLibrary", "System.Runtime.InteropServices.SafeHandle",
    ];

    // These do not leave the process.
    private static readonly string[] Inside = ["System.IO.MemoryStream", "System.IO.StringWriter", "System.IO.TextWriter", "System.IO.TextReader", "System.IO.StringReader", "System.IO.Path", "System.IO.IOException", "System.Net.IPAddress"];

    // Folders whose types are in the namespace of the root, as the .editorconfig of the library lists them.
    private static readonly string[] Rooms = Regex.Match(File.ReadAllText(Path.Combine(Source, ".editorconfig")), @"\[\{(.*?)\}").Groups[1].Value.Split(',');

    private readonly AssemblyGraph _graph = new(typeof(BpfObjectFile).Assembly.Location);

    private static string Source => Path.Combine(TestData.Repository, "src", "Bpf.Loader");

    public void Dispose() => _graph.Dispose();

    [Fact]
    public void Every_folder_is_a_layer()
    {
        string[] folders = [.. _graph.Types.Select(LayerOf).OfType<string>().Distinct().Order()];
        Assert.Equal(Knows.Keys.Order(), folders);
    }

    [Fact]
    public void A_layer_knows_only_those_below_it()
    {
        string[] wrong =
        [
            .. from edge in _graph.References()
               let user = LayerOf(edge.From)
               let used = LayerOf(edge.To)
               where user is not null && used is not null && user != used && !Knows[user].Contains(used)
               select $"{edge.From} -> {edge.To}",
        ];
        Assert.True(wrong.Length == 0, "Edges that the design does not have:\n" + string.Join('\n', wrong.Distinct().Order()));
    }

    [Fact]
    public void Edges_are_found()
    {
        // The test above would pass as well if no edge was ever found.
        HashSet<(string?, string?)> edges = [.. _graph.References().Select(edge => (LayerOf(edge.From), LayerOf(edge.To)))];
        Assert.Superset(new HashSet<(string?, string?)> { ("Btf", "Elf"), ("Objects", "Elf"), ("Objects", "Btf"), ("Relocation", "Objects"), ("Loading", "Interop"), ("Kernel", "Interop") }, edges);
    }

    [Fact]
    public void Ways_to_the_outside_are_found()
    {
        // The tests of purity would pass as well if no way was ever found.
        List<string> ways = _graph.Ways(type => LayerOf(type) == "Loading", type => LayerOf(type) == "Interop", _ => false);
        Assert.Contains(ways, way => way.Contains(" -> ", StringComparison.Ordinal));
    }

    [Fact]
    public void No_layers_know_each_other()
    {
        foreach ((string layer, string[] known) in Knows)
            Assert.All(known, below => Assert.DoesNotContain(layer, Knows[below]));
    }

    [Fact]
    public void What_is_pure_calls_nothing_that_leaves_the_process()
    {
        // Opening a file by its path is the one way in; it reads the file and no more.
        List<string> ways = _graph.Ways(
            type => LayerOf(type) is string layer && Pure.Contains(layer),
            type => LayerOf(type) is "Interop" or "Kernel" or "Loading" or "Maps" or "Links" or "Buffers" || IsOutside(type),
            method => method == "Bpf.Loader.BpfObjectFile.Open");
        Assert.True(ways.Count == 0, "Pure code reaches the outside:\n" + string.Join('\n', ways));
    }

    [Fact]
    public void An_object_is_read_without_leaving_the_process()
    {
        // Prepare, Load and Relocate go on to what lies behind: the kernel, and its types.
        List<string> ways = _graph.Ways(
            type => type == "Bpf.Loader.BpfObjectFile",
            type => LayerOf(type) is "Interop" or "Kernel" || IsOutside(type),
            method => method is "Bpf.Loader.BpfObjectFile.Prepare" or "Bpf.Loader.BpfObjectFile.Load" or "Bpf.Loader.BpfObjectFile.Relocate");
        string[] wrong = [.. ways.Where(way => !way.StartsWith("Bpf.Loader.BpfObjectFile.Open -> Bpf.Loader.BpfFile.ReadAllBytes -> Bpf.Loader.Interop.InputFile", StringComparison.Ordinal))];
        Assert.True(wrong.Length == 0, "Reading an object reaches the outside:\n" + string.Join('\n', wrong));
        Assert.NotEmpty(ways);
    }

    [Fact]
    public void The_system_is_called_from_Interop_only()
    {
        string[] calls = [.. _graph.PlatformInvokes()];
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.StartsWith($"{Root}.Interop.", call, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_is_a_type_and_short()
    {
        HashSet<string> types = [.. _graph.Types.Select(type => type.Split('`')[0])];
        foreach (string path in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(Source, path);
            if (relative.StartsWith("obj", StringComparison.Ordinal)) continue;
            string[] lines = File.ReadAllLines(path);
            Assert.True(lines.Length <= 500, $"{relative} has {lines.Length} lines; 500 are the most.");

            string folder = Path.GetDirectoryName(relative)!;
            string space = folder.Length == 0 || Rooms.Contains(folder) ? Root : $"{Root}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
            string type = Path.GetFileName(relative).Split('.', '{')[0];
            if (type == "AssemblyInfo") continue;
            Assert.True(types.Contains($"{space}.{type}"), $"{relative} should hold the type {space}.{type}.");
        }
    }

    [Fact]
    public void The_hall_holds_what_a_user_touches_first()
    {
        Assert.All(Rooms, room => Assert.True(Directory.Exists(Path.Combine(Source, room)), $"There is no room {room}."));
        int files = Directory.GetFiles(Source, "*.cs").Length;
        Assert.True(files <= FilesOfTheHall, $"{files} files stand at the root of the library; {FilesOfTheHall} are the most. Which room is for the new one?");
    }

    // Errors are made everywhere: one that knew more than words would tie whoever makes it to all of that.
    [Fact]
    public void The_vocabulary_knows_only_itself()
    {
        string[] vocabulary = ["Errors", "Uapi", "Values"];
        HashSet<string> words =
        [
            .. from room in vocabulary
               from path in Directory.EnumerateFiles(Path.Combine(Source, room), "*.cs")
               select $"{Root}.{Path.GetFileName(path).Split('.', '{')[0]}",
        ];
        string[] wrong =
        [
            .. from edge in _graph.References()
               let known = edge.To.Split('`')[0]
               where words.Contains(edge.From) && edge.From != typeof(BpfVerifierException).FullName
                   && known.StartsWith(Root + ".", StringComparison.Ordinal) && !words.Contains(known)
               select $"{edge.From} -> {edge.To}",
        ];
        Assert.True(words.Count > 20, "The rooms are not found.");
        Assert.True(wrong.Length == 0, "What the vocabulary should not know:\n" + string.Join('\n', wrong.Distinct().Order()));
    }

    [Fact]
    public void What_is_pure_is_safe_code()
    {
        foreach (string layer in Pure)
        {
            foreach (string path in Directory.EnumerateFiles(Path.Combine(Source, layer), "*.cs", SearchOption.AllDirectories))
                Assert.DoesNotContain(File.ReadLines(path), line => line.Split(' ').Contains("unsafe"));
        }
    }

    private static string? LayerOf(string type)
    {
        if (!type.StartsWith(Root + ".", StringComparison.Ordinal)) return null;
        string[] parts = type[(Root.Length + 1)..].Split('.');
        return parts.Length > 1 ? parts[0] : null;
    }

    private static bool IsOutside(string type) =>
        Outside.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)) && !Inside.Contains(type);
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Bpf.Loader.Tests.Docs;
using Bpf.Tool.Skeletons;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Bpf.Loader.Tests.Analyzers;

/// <summary>In the samples and in what the documentation shows, the analyzers find nothing.</summary>
public sealed class NoFalseAlarmTests
{
    private static readonly string Root = Path.Combine(TestData.Repository, "src", "samples");

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Snippets => [.. DocPages.Snippets("csharp").Select(snippet => snippet.ToString())];

    [Theory, MemberData(nameof(Samples))]
    public async Task Nothing_is_found_in_a_sample(string sample)
    {
        string folder = Path.Combine(Root, sample);
        List<SyntaxTree> sources = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Append(Path.Combine(Root, "shared", "CommandLine.cs")).Select(path => AnalyzedCode.Parse(File.ReadAllText(path), path))];
        foreach (string path in Directory.EnumerateFiles(folder, "*.bpf.o"))
        {
            string file = Path.GetFileName(path);
            sources.Add(AnalyzedCode.Class(file, File.ReadAllBytes(path), CSharpNames.Pascal(file[..file.IndexOf('.', StringComparison.Ordinal)]), "Bpf.Samples"));
        }

        Assert.Empty(await AnalyzedCode.FindAllAsync(sources));
    }

    [Theory, MemberData(nameof(Snippets))]
    public async Task Nothing_is_found_in_the_documentation(string place)
    {
        Snippet snippet = DocPages.Snippets("csharp").Single(candidate => candidate.ToString() == place);
        IEnumerable<SyntaxTree> classes = DocObjects.All.Select(entry => AnalyzedCode.Class(entry.Key, entry.Value, CSharpNames.Pascal(entry.Key[..entry.Key.IndexOf('.', StringComparison.Ordinal)])));
        Assert.Empty(await AnalyzedCode.FindAllAsync([AnalyzedCode.Parse(snippet.Program, snippet.Page), .. classes]));
    }
}

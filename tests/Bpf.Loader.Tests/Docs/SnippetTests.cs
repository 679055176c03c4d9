using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Tool.Skeletons;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>What the documentation shows, compiles.</summary>
public class SnippetTests
{
    // As a project of `dotnet new` has them.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Threading;
        global using System.Threading.Tasks;
        [assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    // Made once: what an assembly declares is then read once, too.
    private static readonly Lazy<MetadataReference[]> Assemblies = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<CSharpCompilation> Classes = new(() => Compilation(
        "Classes", OutputKind.DynamicallyLinkedLibrary, DocObjects.All.SelectMany(entry => new[]
        {
            CSharpSyntaxTree.ParseText(Generate(entry.Key, entry.Value), Options, entry.Key + ".g.cs"), CSharpSyntaxTree.ParseText(GeneratePart(entry.Key, entry.Value), Options, entry.Key + ".part.g.cs"),
        })));

    public static TheoryData<string> All => [.. DocPages.Snippets("csharp").Select(snippet => snippet.ToString())];

    [Theory]
    [MemberData(nameof(All))]
    public void Code_compiles(string place)
    {
        Snippet snippet = DocPages.Snippets("csharp").Single(candidate => candidate.ToString() == place);
        Assert.Empty(Errors(Program(snippet.Program, snippet.Page).AddReferences(Classes.Value.ToMetadataReference())));
    }

    [Fact]
    public void Classes_of_the_programs_compile() => Assert.Empty(Errors(Classes.Value));

    [Fact]
    public void Code_is_found_and_none_is_of_an_unknown_language()
    {
        // "C" are parts of programs, which stand whole in testdata.
        string[] known = ["csharp", "c", "C", "sh", "ini", "xml", ""];
        string[] languages = [.. DocPages.All.SelectMany(page => File.ReadLines(Path.Combine(TestData.Repository, page)))
            .Where(line => line.StartsWith("```", StringComparison.Ordinal)).Select(line => line[3..].Split(' ')[0]).Distinct()];
        Assert.Empty(languages.Except(known));
        string[] found = [.. DocPages.Snippets("csharp").Concat(DocPages.Snippets("c")).Select(snippet => snippet.Page).Distinct()];
        Assert.Superset(new HashSet<string> { "README.md", "docs/concepts.md", "docs/count-per-process.md", "docs/trace-a-function.md" }, new HashSet<string>(found));
    }

    [Fact]
    public void Code_that_does_not_compile_is_found() => // or else the tests above would pass whatever there is
        Assert.NotEmpty(Errors(Program("new Bpf.Loader.BpfObjectFile().Load(1);", "wrong")));

    private static string Generate(string name, byte[] image) => SkeletonGenerator.Generate(
        image, new SkeletonOptions { FileName = name, ClassName = CSharpNames.Pascal(name[..name.IndexOf('.', StringComparison.Ordinal)]) });

    private static string GeneratePart(string name, byte[] image) => SubSkeletonGenerator.Generate(
        image, new SkeletonOptions { FileName = name, ClassName = CSharpNames.Pascal(name[..name.IndexOf('.', StringComparison.Ordinal)]) + "Part" });

    private static CSharpCompilation Program(string source, string path) =>
        Compilation("Program", OutputKind.ConsoleApplication, [CSharpSyntaxTree.ParseText(source, Options, path)]);

    private static CSharpCompilation Compilation(string name, OutputKind kind, IEnumerable<SyntaxTree> sources) => CSharpCompilation.Create(
        name, sources.Prepend(CSharpSyntaxTree.ParseText(ImplicitUsings, Options)), Assemblies.Value,
        new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));

    private static string[] Errors(CSharpCompilation compilation) =>
        [.. compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString())];
}

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Bpf.Loader.Analyzers;
using Bpf.Tool.Skeletons;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Bpf.Loader.Tests.Analyzers;

/// <summary>Compiles code as a project of a user, with the class of an object beside it, and runs the analyzers over it.</summary>
internal static class AnalyzedCode
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        [assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    private static readonly Lazy<MetadataReference[]> Assemblies = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<SyntaxTree> Skeleton = new(() => Class("execsnoop.bpf.o", TestData.Read("execsnoop.bpf.o"), "ExecSnoop"));

    /// <summary>The class of an object, as the build generates it.</summary>
    public static SyntaxTree Class(string file, byte[] image, string name, string? space = null) => CSharpSyntaxTree.ParseText(
        SkeletonGenerator.Generate(image, new SkeletonOptions { FileName = file, ClassName = name, Namespace = space }), Options, name + ".g.cs");

    /// <summary>What is found in the statements of a program, as <c>line: id</c>; the code must compile.</summary>
    public static async Task<string[]> FindAsync(string code)
    {
        CSharpCompilation compilation = Compile([CSharpSyntaxTree.ParseText("using Bpf.Loader;\nusing Bpf.Loader.Buffers;\nusing Bpf.Loader.Objects;\n#line 1\n" + code, Options, "Program.cs"), Skeleton.Value]);
        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        return [.. (await AnalyzeAsync(compilation)).Select(found => $"{found.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {found.Id}")];
    }

    /// <summary>What is found in some sources, whole.</summary>
    public static async Task<string[]> FindAllAsync(IEnumerable<SyntaxTree> sources) => [.. (await AnalyzeAsync(Compile(sources))).Select(found => found.ToString())];

    /// <summary>Reads a source.</summary>
    public static SyntaxTree Parse(string code, string path) => CSharpSyntaxTree.ParseText(code, Options, path);

    private static CSharpCompilation Compile(IEnumerable<SyntaxTree> sources) => CSharpCompilation.Create(
        "Program", sources.Prepend(CSharpSyntaxTree.ParseText(ImplicitUsings, Options)), Assemblies.Value,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

    private static async Task<Diagnostic[]> AnalyzeAsync(CSharpCompilation compilation)
    {
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new OwnershipAnalyzer(), new ChangeAnalyzer()];
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }
}

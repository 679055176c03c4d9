using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Bpf.Loader.Light;
using Bpf.Tool.Skeletons;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Bpf.Loader.Tests.Skeletons;

/// <summary>The classes of all objects of <c>testdata</c>, compiled once into one assembly.</summary>
public sealed class CompiledSkeletons
{
    private readonly Assembly? _assembly;

    public CompiledSkeletons()
    {
        // The first version of the language that has all that is used; what the project of a user may ask for is asked for.
        var parse = new CSharpParseOptions(LanguageVersion.CSharp12, DocumentationMode.Diagnose);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999);
        string[] objects = [.. Objects().Select(row => row.Data)];
        IEnumerable<SyntaxTree> trees = objects.Select(name => CSharpSyntaxTree.ParseText(Generate(name), parse, name + ".cs"))
            .Concat(objects.Select(name => CSharpSyntaxTree.ParseText(GeneratePart(name), parse)))
            .Concat(objects.Select(GenerateLight).OfType<string>().Select(text => CSharpSyntaxTree.ParseText(text, parse)));
        string assemblies = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        IEnumerable<MetadataReference> references = assemblies.Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "Bpf.Loader.dll" or "netstandard.dll" || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create("Skeletons", trees, references, options);
        using var image = new MemoryStream();
        Diagnostics = compilation.Emit(image).Diagnostics;
        if (Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) return;
        image.Position = 0;
        _assembly = new AssemblyLoadContext("Skeletons").LoadFromStream(image);
    }

    /// <summary>What the compiler says.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>The class of an object.</summary>
    public Type this[string name] => _assembly!.GetType($"{NamespaceOf(name)}.Skeleton", throwOnError: true)!;

    /// <summary>The class of an object as a part of another.</summary>
    public Type PartOf(string name) => _assembly!.GetType($"{NamespaceOf(name)}.Parts.Part", throwOnError: true)!;

    /// <summary>The objects that can be opened.</summary>
    public static TheoryData<string> Objects() => [.. TestData.Objects().Select(row => row.Data).Where(CanBeOpened)];

    internal static string Generate(string name) => SkeletonGenerator.Generate(
        TestData.Read(name), new SkeletonOptions { FileName = Path.GetFileName(name), ClassName = "Skeleton", Namespace = NamespaceOf(name) });

    internal static string GeneratePart(string name) => SubSkeletonGenerator.Generate(
        TestData.Read(name), new SkeletonOptions { FileName = Path.GetFileName(name), ClassName = "Part", Namespace = NamespaceOf(name) + ".Parts" });

    // The same loaded by a program in the kernel, where that can be; null else.
    private static string? GenerateLight(string name)
    {
        try
        {
            return SkeletonGenerator.Generate(TestData.Read(name), new SkeletonOptions { FileName = Path.GetFileName(name), ClassName = "Skeleton", Namespace = NamespaceOf(name) + ".Light", IsLight = true });
        }
        catch (BpfLightException)
        {
            return null;
        }
    }

    private static bool CanBeOpened(string name)
    {
        try
        {
            BpfObjectFile.Open(TestData.PathOf(name));
            return true;
        }
        catch (BpfFormatException)
        {
            return false;
        }
    }

    private static string NamespaceOf(string name) => "Objects." + string.Concat(name.Replace(".bpf.o", "", StringComparison.Ordinal).Select(c => char.IsLetterOrDigit(c) ? c : '_'));
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;
using Bpf.Loader.Symbols;
using Xunit;

namespace Bpf.Loader.Tests.Interop;

/// <summary>What the library calls of the C library, Alpine's has too: read from the assemblies, and held against musl.</summary>
[SupportedOSPlatform("linux")]
public class MuslTests
{
    // Debian's package "musl"; it is loader and library in one.
    private static readonly string Musl = $"/lib/ld-musl-{(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64")}.so.1";

    private static readonly (string Library, string Function)[] Imports = [.. new[] { typeof(BpfObject), typeof(Symbolizer) }.SelectMany(type => Read(type.Assembly)).Distinct()];

    [Fact]
    public void Only_the_C_library_is_called_by_the_name_that_the_runtime_finds_everywhere()
    {
        Assert.True(Imports.Length > 30, "the imports were not found");
        Assert.All(Imports, import => Assert.Equal("libc", import.Library));
    }

    [Fact]
    public void Musl_has_all_that_is_called()
    {
        Assert.SkipUnless(File.Exists(Musl), "musl is not installed: apt install musl");
        using BpfBinary musl = BpfBinary.Open(Musl);
        HashSet<string> exported = [.. musl.Functions.Where(function => function.IsExported).Select(function => function.Name)];
        Assert.Contains("syscall", exported);
        Assert.Empty(Imports.Select(import => import.Function).Except(exported));
    }

    private static IEnumerable<(string Library, string Function)> Read(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            if ((method.Attributes & MethodAttributes.PinvokeImpl) == 0) continue;
            MethodImport import = method.GetImport();
            yield return (metadata.GetString(metadata.GetModuleReference(import.Module).Name), metadata.GetString(import.Name));
        }
    }
}

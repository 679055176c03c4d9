using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Btf;

/// <summary>What we make of this kernel's types and of those of testdata must be what libbpf makes of them, byte for byte.</summary>
public sealed class BtfReferenceTests : IDisposable
{
    private const string KernelPath = "/sys/kernel/btf/vmlinux";
    private const int CannotDoThat = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-loader-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static BtfReader Kernel() => BtfReader.Read(File.ReadAllBytes(KernelPath));

    /// <summary>The types of all objects of a folder, one after the other.</summary>
    private static void AddObjects(BtfBuilder builder, string folder)
    {
        string[] names = [.. Directory.EnumerateFiles(TestData.PathOf(folder), "*.bpf.o").Order(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            if (Path.GetFileName(name).StartsWith("bad_", StringComparison.Ordinal)) continue;
            if (ElfFile.Read(File.ReadAllBytes(name)).Sections.TryFind(".BTF"u8, out ElfSection section)) builder.AddAll(BtfReader.Read(section.Data));
        }
    }

    private string PathTo(string name) => Path.Combine(_folder, name);

    private string Write(string name, BtfReader btf)
    {
        File.WriteAllBytes(PathTo(name), btf.Raw.ToArray());
        return PathTo(name);
    }

    private static void Ask(params string[] arguments)
    {
        using Process process = Process.Start(NativeShims.BtfReference, arguments);
        process.WaitForExit();
        Assert.SkipWhen(process.ExitCode == CannotDoThat, "This libbpf is too old.");
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void Types_of_many_objects_put_together()
    {
        var builder = new BtfBuilder();
        AddObjects(builder, ".");
        AddObjects(builder, "clang-14");
        BtfReader merged = builder.ToReader();
        Ask("dedup", Write("in", merged), PathTo("out"));
        Assert.Equal(File.ReadAllBytes(PathTo("out")), BtfDeduplication.Run(merged).Types.Raw.ToArray());
    }

    [Fact]
    public void This_kernels_types()
    {
        Ask("dedup", KernelPath, PathTo("out"));
        Assert.True(BtfDeduplication.Run(Kernel()).Types.Raw.Span.SequenceEqual(File.ReadAllBytes(PathTo("out"))));
    }

    [Fact]
    public void This_kernels_types_twice()
    {
        Requires.RealProcessor();
        BtfReader kernel = Kernel();
        var builder = new BtfBuilder(kernel);
        builder.AddAll(kernel);
        BtfReader merged = builder.ToReader();
        Ask("dedup", Write("in", merged), PathTo("out"));
        Assert.True(BtfDeduplication.Run(merged).Types.Raw.Span.SequenceEqual(File.ReadAllBytes(PathTo("out"))));
    }

    [Fact]
    public void Split_btf_on_this_kernel()
    {
        BtfReader kernel = Kernel();
        BtfBuilder builder = BtfBuilder.SplitOn(kernel);
        AddObjects(builder, ".");
        BtfReader merged = builder.ToReader();
        Ask("dedup", Write("in", merged), PathTo("out"), KernelPath);
        BtfReader split = BtfDeduplication.Run(merged).Types;
        Assert.Equal(File.ReadAllBytes(PathTo("out")), split.Raw.ToArray());

        Ask("distill", PathTo("out"), PathTo("distilled"), KernelPath, PathTo("base"));
        BtfReader distilled = BtfDistiller.Distill(split);
        Assert.Equal(File.ReadAllBytes(PathTo("base")), distilled.Base!.Raw.ToArray());
        Assert.Equal(File.ReadAllBytes(PathTo("distilled")), distilled.Raw.ToArray());

        // libbpf keeps strings that the new base has as well; the types are the same.
        Ask("move", PathTo("distilled"), PathTo("moved"), PathTo("base"), KernelPath);
        BtfReader expected = BtfReader.Read(File.ReadAllBytes(PathTo("moved")), kernel), moved = BtfDistiller.Relocate(distilled, kernel);
        Assert.Equal(Describe(expected), Describe(moved));
    }

    private static string[] Describe(BtfReader btf)
    {
        using var text = new StringWriter();
        BtfRawPrinter.Write(text, btf);
        return text.ToString().Split('\n');
    }
}

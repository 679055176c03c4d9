using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Bpf.Loader.Testing;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>The few types that objects ask for answer every question as all types do.</summary>
public class MinimalBtfTests
{
    private static IEnumerable<string> Objects() =>
        TestData.Objects().Select(row => row.Data).Where(name => !name.StartsWith("be/", StringComparison.Ordinal) && !name.Contains("/be/", StringComparison.Ordinal));

    // The kernels: those that were made up for the tests, and as much of Linux as the machine in user space brings.
    private static IEnumerable<BtfReader> Kernels()
    {
        foreach (string name in (string[])["same", "changed", "moved", "odd"])
            yield return BpfObjectFile.Open(TestData.PathOf($"btf/{name}.bpf.o")).Btf!;
        yield return KernelTypes.Linux_6_12.Kernel;
    }

    [Fact]
    public void Every_object_is_relocated_against_them_as_against_all()
    {
        int compared = 0, written = 0;
        foreach (BtfReader kernel in Kernels())
        {
            foreach (string name in Objects())
            {
                if (TryOpen(name) is not { } file || Minimal(kernel, file) is not { } minimal) continue;
                string[] all = Answers(file, kernel), few = Answers(file, minimal);
                Assert.Equal(all, few);
                Assert.True(minimal.TypeCount <= kernel.TypeCount, name);
                compared += all.Length;
                written += minimal.TypeCount - 1;
            }
        }

        Assert.True(compared > 1000, $"{compared} answers were compared.");
        Assert.True(written > 100, $"{written} types were written.");
    }

    [Fact]
    public void Several_objects_share_them()
    {
        BtfReader kernel = KernelTypes.Linux_6_12.Kernel;
        var minimal = new MinimalBtf(kernel);
        List<BpfObjectFile> files = [.. Objects().Select(TryOpen).OfType<BpfObjectFile>().Where(file => Minimal(kernel, file) is not null)];
        foreach (BpfObjectFile file in files) minimal.Add(file);
        BtfReader few = minimal.ToReader();
        foreach (BpfObjectFile file in files) Assert.Equal(Answers(file, kernel), Answers(file, few));
    }

    [Fact]
    public void They_are_those_that_bpftool_takes()
    {
        int compared = 0;
        using var folder = new TemporaryFolder();
        foreach (string kernel in (string[])["same", "changed", "moved", "odd"])
        {
            BtfReader types = BpfObjectFile.Open(TestData.PathOf($"btf/{kernel}.bpf.o")).Btf!;
            string input = folder.PathOf(kernel + ".btf");
            File.WriteAllBytes(input, types.Raw.ToArray());
            foreach (string name in Objects())
            {
                if (TryOpen(name) is not { } file || Minimal(types, file) is not { } minimal || minimal.TypeCount == 1) continue;
                string output = folder.PathOf("min.btf");
                File.Delete(output);
                if (!Bpftool("gen", "min_core_btf", input, output, TestData.PathOf(name))) continue; // it knows fewer kinds, and fails for objects that it cannot open
                Assert.Equal(Text(BtfReader.Read(File.ReadAllBytes(output))), Text(minimal));
                compared++;
            }
        }

        Assert.True(compared > 20, $"{compared} choices were compared.");
    }

    [Fact]
    public void An_object_that_the_kernel_cannot_answer_is_refused_with_its_line()
    {
        BtfReader twice = BpfObjectFile.Open(TestData.PathOf("btf/twice.bpf.o")).Btf!;
        CoReException failure = Assert.Throws<CoReException>(() => new MinimalBtf(twice).Add(BpfObjectFile.Open(TestData.PathOf("core_ambiguous.bpf.o"))));
        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, failure.Id);
        Assert.True(failure.Location.SourceLine > 0);
    }

    [Fact]
    public void The_command_writes_them()
    {
        using var folder = new TemporaryFolder();
        string output = folder.PathOf("min.btf");
        BpfTool run = BpfTool.Run("gen", "min_core_btf", "--json", "btf/changed.bpf.o", output, "core_offset.bpf.o", "core_enum.bpf.o");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        BtfReader few = BtfReader.Read(File.ReadAllBytes(output));
        Assert.Equal(few.Raw.Length, run.Lines.Single().GetProperty("size").GetInt32());
        Assert.True(few.TypeCount is > 5 and < 40, $"{few.TypeCount} types");
        Assert.Equal(
            BpfTool.Run("relocate", "--json", "core_offset.bpf.o", "core_enum.bpf.o", "--btf", "btf/changed.bpf.o").Output,
            BpfTool.Run("relocate", "--json", "core_offset.bpf.o", "core_enum.bpf.o", "--btf", output).Output);
    }

    [Fact]
    public void What_was_there_stays_when_there_is_nothing_to_write()
    {
        using var folder = new TemporaryFolder();
        string output = folder.PathOf("min.btf");
        File.WriteAllText(output, "old");
        BpfTool run = BpfTool.Run("gen", "min_core_btf", "btf/twice.bpf.o", output, "core_ambiguous.bpf.o");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("core_ambiguous.bpf.c", run.Output, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(output));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(output)!));
    }

    private static BpfObjectFile? TryOpen(string name)
    {
        try
        {
            return BpfObjectFile.Open(TestData.PathOf(name));
        }
        catch (BpfFormatException)
        {
            return null; // examples of what must be refused
        }
    }

    private static BtfReader? Minimal(BtfReader kernel, BpfObjectFile file)
    {
        try
        {
            var minimal = new MinimalBtf(kernel);
            minimal.Add(file);
            return minimal.ToReader();
        }
        catch (Exception e) when (e is CoReException or BpfFormatException)
        {
            return null; // it could not be loaded on that kernel either
        }
    }

    private static string[] Answers(BpfObjectFile file, BtfReader kernel)
    {
        if (file.Btf is not { } local || file.BtfExt is not { } info) return [];
        var resolver = new CoReResolver(local, new TargetTypes(kernel));
        var answers = new List<string>();
        foreach (BtfExtSection<BtfCoReRecord> section in info.CoReRecords)
        {
            foreach (BtfCoReRecord record in section)
            {
                // The ids of types are the target's own, and so others.
                if (record.Kind is CoReKind.TypeIdTarget) continue;
                CoReResult result = resolver.Resolve(record);
                answers.Add($"{record.InstructionOffset} {result.IsMissing} {result.IsWidthUnsafe} {result.NewValue}");
            }
        }

        return [.. answers];
    }

    private static string Text(BtfReader types)
    {
        using var text = new StringWriter();
        BtfRawPrinter.Write(text, types);
        return text.ToString();
    }

    private static bool Bpftool(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("bpftool", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no bpftool.");
            return false;
        }
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Linking;

/// <summary>What the linker writes is what libbpf's writes, byte for byte.</summary>
public class LinkReferenceTests
{
    public static TheoryData<string> Objects() =>
        [.. TestData.Objects().Select(row => row.Data).Where(name => !name.StartsWith("be/", StringComparison.Ordinal) && !name.Contains("/be/", StringComparison.Ordinal))];

    [Theory]
    [InlineData("linked.bpf.o", "first", "second")]
    [InlineData("linked_rules.bpf.o", "base", "user", "weak")]
    public void What_bpftool_linked_is_linked_to_the_same_bytes(string linked, params string[] parts) =>
        Assert.Equal(LinkedFiles.Correct(TestData.Read(linked)), LinkedFiles.Link(LinkedFiles.Rules("linked", parts)));

    [Fact]
    public void The_order_of_objects_is_that_of_bpftool()
    {
        foreach (string variant in (string[])["linked", "linked/clang-14"])
        {
            // It refuses the others, in which a strong definition comes after a weak one and an extern.
            foreach (string[] order in (string[][])[["base", "user", "weak"], ["user", "base", "weak"]])
            {
                string[] parts = LinkedFiles.Rules(variant, order);
                using var folder = new TemporaryFolder();
                string linked = folder.PathOf("linked.o");
                BpfTool(["gen", "object", linked, .. parts.Select(TestData.PathOf)]);
                Assert.Equal(LinkedFiles.Correct(File.ReadAllBytes(linked)), LinkedFiles.Link(parts));
            }
        }
    }

    [Fact]
    public void Every_object_alone_is_linked_to_the_bytes_of_bpftool()
    {
        using var folder = new TemporaryFolder();
        string linked = folder.PathOf("linked.o");
        foreach (string name in Objects().Select(row => row.Data))
        {
            // bpftool gives up an object without .BTF but with .BTF.ext, and strips its globals from one without either.
            if (name.Contains("no_btf", StringComparison.Ordinal)) continue;
            BpfTool(["gen", "object", linked, TestData.PathOf(name)]);
            Assert.True(File.ReadAllBytes(linked).AsSpan().SequenceEqual(LinkedFiles.Link(name)), name);
        }
    }

    private static void BpfTool(IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("bpftool", arguments) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no bpftool.");
        }
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Building;

/// <summary>The headers that come with the build, for machines that have no libbpf.</summary>
public sealed partial class HeadersTests : IDisposable
{
    private const string Installed = "/usr/include/bpf/usdt.bpf.h";

    private static readonly string Own = Path.Combine(TestData.Repository, "src", "Bpf.Loader.Build", "include");
    private static readonly string Everything = Path.Combine(TestData.Repository, "tests", "Bpf.Loader.Tests", "Building", "headers", "everything.bpf.c");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_helpers_are_declared_with_their_numbers()
    {
        string text = File.ReadAllText(Path.Combine(Own, "bpf", "bpf_helper_defs.h"));
        Dictionary<string, int> declared = Declarations().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture));
        // Number 0 is no function.
        Assert.Equal(Enumerable.Range(1, BpfHelper.Count - 1).ToDictionary(number => BpfHelper.GetName(number)!), declared);
    }

    [Theory]
    [InlineData("x86")]
    [InlineData("arm64")]
    [InlineData("arm")]
    [InlineData("s390")]
    [InlineData("powerpc")]
    [InlineData("riscv")]
    [InlineData("loongarch")]
    public void A_source_that_uses_all_of_them_needs_nothing_else(string machine)
    {
        Compile("own", machine, "--option=-nostdinc", "--option=-Wextra", "--option=-Wno-unused-parameter", "--option=-Werror");
        string[] from = [.. File.ReadLines(_folder.PathOf("own.d")).Where(path => path != Everything)];
        Assert.Equal(6, from.Length);
        string folder = Path.Combine(AppContext.BaseDirectory, "include", "bpf");
        Assert.All(from, path => Assert.Equal(folder, Path.GetDirectoryName(path)));
    }

    [Fact]
    public void Programs_are_those_that_libbpf_s_headers_give()
    {
        Assert.SkipUnless(File.Exists(Installed), "needs libbpf's headers");
        BpfObjectFile own = Compile("own", "x86", "-DOLD"), theirs = Compile("theirs", "x86", "-DOLD", "--installed-headers");
        Assert.Contains(Installed, File.ReadAllLines(_folder.PathOf("theirs.d")));
        Assert.Equal(Names(theirs.Programs), Names(own.Programs));
        Assert.Equal(Shapes(theirs.Maps), Shapes(own.Maps));
        // The others do more or less than those of libbpf 1.1 did.
        foreach (string name in (string[])["unlinked", "removed", "returned", "killed", "packet"])
            Assert.Equal(theirs.Programs[name].Function.Instructions, own.Programs[name].Function.Instructions);
    }

    private static IEnumerable<(string Name, string Section)> Names(IEnumerable<BpfProgramDefinition> programs) => programs.Select(program => (program.Name, program.SectionName));

    // Those of variables are named after the file.
    private static HashSet<(string Name, BpfMapType Type, uint KeySize, uint ValueSize)> Shapes(IEnumerable<BpfMapDefinition> maps) =>
        [.. maps.Where(map => !map.Name.Contains('.', StringComparison.Ordinal) && map.Name != "__bpf_usdt_specs").Select(map => (map.Name, map.Type, map.KeySize, map.ValueSize))];

    private BpfObjectFile Compile(string name, string machine, params string[] arguments)
    {
        BuildTargetsTests.SkipWithoutClang();
        string output = _folder.PathOf(name + ".o");
        BpfTool tool = BpfTool.Run(["compile", Everything, "-o", output, "--dependencies", _folder.PathOf(name + ".d"), "--arch", machine, .. arguments]);
        Assert.True(tool.ExitCode == 0, tool.Error);
        return BpfObjectFile.Open(output);
    }

    [GeneratedRegex(@"\(\*const (?<name>\w+)\)\(.*\) = \(void \*\)(?<number>\d+);", RegexOptions.CultureInvariant)]
    private static partial Regex Declarations();
}

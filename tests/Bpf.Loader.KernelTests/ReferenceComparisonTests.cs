using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests;

/// <summary>
/// Loads every program of testdata beside libbpf on the kernel that is running: the same programs must be taken, with the same
/// instructions, and the same ones be refused.
/// </summary>
public sealed class ReferenceComparisonTests : KernelTest
{
    // What the process opens once must not count as a leak of the first test: the runtime's epoll instance for its first pipe, and
    // the BTF of modules, which a name that the kernel does not have leads to.
    static ReferenceComparisonTests()
    {
        ReferenceLoader.Verify(TestData.PathOf("odd_no_license.bpf.o"), null);
        Load(TestData.PathOf("bad_target.bpf.o"), "no_function", new BpfLoadOptions(), out _);
    }

    /// <summary>All objects against this kernel's types, and those about CO-RE against those of testdata/btf too.</summary>
    public static TheoryData<string, string?> Objects()
    {
        string[] targets = [.. Files("btf")];
        var rows = new TheoryData<string, string?>();
        foreach (string file in Files("."))
        {
            rows.Add(file, null);
            if (!file.StartsWith("core_", StringComparison.Ordinal)) continue;
            foreach (string target in targets) rows.Add(file, target);
        }

        foreach (string file in Files("clang-14")) rows.Add(file, null);
        if (Processor.Objects is { } own)
        {
            foreach (string file in Files(own)) rows.Add(file, null);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_program_is_libbpfs(string name, string? target)
    {
        string path = TestData.PathOf(name);
        string? targetPath = target is null ? null : TestData.PathOf(target);
        JsonElement answer = ReferenceLoader.Verify(path, targetPath);
        BpfObjectFile file = BpfObjectFile.Open(path);
        var options = new BpfLoadOptions { TargetBtf = targetPath is null ? null : BpfObjectFile.Open(targetPath).Btf };

        if (answer.GetProperty("open").GetString() != "ok" || !ReferenceLoader.KnowsTheVersionFor(file))
        {
            // libbpf gave the file up; we do not. What the kernel forbids to everybody, nobody loads.
            foreach (BpfProgramDefinition program in file.Programs.Where(program => KernelPolicy.RefusalOf(program) is null))
            {
                BpfLoaderException? refusal = Load(path, program.Name, options, out _);
                // Callbacks came with Linux 5.13.
                if (refusal?.Id != BpfDiagnosticId.FunctionInfoMissing || Requires.Has("bpf_for_each_map_elem")) Assert.Null(refusal);
            }

            return;
        }

        Assert.Equal(answer.GetProperty("maps").EnumerateArray().Select(Describe), file.Maps.Select(Describe));
        JsonElement[] expected = [.. answer.GetProperty("programs").EnumerateArray()];
        Assert.Equal(expected.Select(Describe), file.Programs.Select(Describe));
        Assert.Equal(
            expected.Select(program => Outcome(program)),
            file.Programs.Select(program =>
            {
                Exception? refusal = Load(path, program.Name, options, out BpfProgramInfo? info);
                if (refusal is not null) TestContext.Current.TestOutputHelper?.WriteLine($"{program.Name}: {refusal.Message}");
                return Outcome(program.Name, info);
            }));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(TestData.PathOf(folder), "*.bpf.o").Select(path => Path.GetRelativePath(TestData.Root, path)).Order(StringComparer.Ordinal);

    // Alone, in a load of its own, and without pins; the result is the refusal.
    private static BpfLoaderException? Load(string path, string program, BpfLoadOptions options, out BpfProgramInfo? info)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == program;
        foreach (BpfMapDefinition map in file.Maps) map.PinPath = null;
        info = null;
        try
        {
            using BpfObject loaded = file.Load(options);
            info = loaded.Programs.FirstOrDefault(candidate => candidate.Name == program)?.GetInfo();
            return null;
        }
        catch (BpfLoaderException refusal)
        {
            return refusal;
        }
    }

    private static string Describe(JsonElement element) => element.TryGetProperty("sec", out JsonElement section)
        ? $"{element.GetProperty("name")} in {section}: type {element.GetProperty("type")}/{element.GetProperty("eat")}, {element.GetProperty("insns")} instructions"
        : $"{element.GetProperty("name")}: type {element.GetProperty("type")}, {element.GetProperty("key_size")} -> {element.GetProperty("value_size")}, {element.GetProperty("max_entries")} entries, flags {element.GetProperty("map_flags")}";

    private static string Describe(BpfProgramDefinition program) =>
        $"{program.Name} in {program.SectionName}: type {(uint)program.Type}/{(uint)program.ExpectedAttachType}, {program.InstructionCount} instructions";

    private static string Describe(BpfMapDefinition map) =>
        $"{map.Name}: type {(uint)map.Type}, {map.KeySize} -> {map.ValueSize}, {map.MaxEntries} entries, flags {(uint)map.Flags}";

    private static string Outcome(JsonElement program) => program.GetProperty("loaded").GetBoolean()
        ? $"{program.GetProperty("name")}: {program.GetProperty("tag")}, {program.GetProperty("xlated_len")} bytes, {program.GetProperty("verified_insns")} verified"
        : $"{program.GetProperty("name")}: not loaded";

    private static string Outcome(string name, BpfProgramInfo? info) => info is null
        ? $"{name}: not loaded"
        : $"{name}: {info.Tag}, {info.XlatedLength} bytes, {info.VerifiedInstructions} verified";
}

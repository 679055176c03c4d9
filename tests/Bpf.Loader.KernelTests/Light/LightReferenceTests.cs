using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Light;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Light;

/// <summary>
/// Loads every program of testdata by a loader program, beside the one that libbpf makes for its light skeletons: the same programs must be
/// taken, with the same instructions, and the same be refused.
/// </summary>
public sealed class LightReferenceTests : KernelTest
{
    public static TheoryData<string> Objects() =>
        [.. Directory.GetFiles(TestData.Root, "*.bpf.o").Concat(Directory.GetFiles(TestData.PathOf("clang-14"), "*.bpf.o")).Select(path => Path.GetRelativePath(TestData.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_program_is_that_of_libbpfs_light_skeleton(string name)
    {
        Assert.SkipUnless(Requires.Has("bpf_kallsyms_lookup_name"), "no such loaders before Linux 5.16");
        string path = TestData.PathOf(name);
        Dictionary<string, string> expected = AskReference(path);
        BpfObjectFile file = BpfObjectFile.Open(path);
        foreach (BpfProgramDefinition program in file.Programs)
        {
            if (!expected.TryGetValue(program.Name, out string? answer)) continue;
            string own = Load(path, program.Name);
            TestContext.Current.TestOutputHelper?.WriteLine($"{program.Name}: {answer} / {own}");
            if (!answer.StartsWith('-')) Assert.Equal($"{program.Name} {answer}", $"{program.Name} {own}");
        }
    }

    private static string Load(string path, string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == name;
        foreach (BpfMapDefinition map in file.Maps) map.PinPath = null;
        try
        {
            using BpfObject loaded = BpfLightFile.Create(file).Load();
            return loaded.Programs[name].Tag;
        }
        catch (BpfLoaderException refusal)
        {
            return $"{refusal.GetType().Name}: {refusal.Message}";
        }
    }

    // A line for each program: its name, and the tag or the negative errno.
    private static Dictionary<string, string> AskReference(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo(NativeShims.LightReference, [path]) { RedirectStandardOutput = true })!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
    }
}

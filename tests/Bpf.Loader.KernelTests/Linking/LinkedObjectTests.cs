using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Linking;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Linking;

/// <summary>What the linker makes of several objects is loaded by this library and by libbpf, with the same tags.</summary>
public sealed class LinkedObjectTests : KernelTest
{
    // What the process opens for its first pipe must not count as a leak of the first test.
    static LinkedObjectTests() => ReferenceLoader.Verify(TestData.PathOf("odd_no_license.bpf.o"), null);

    [Theory]
    [InlineData("linked", "base user weak")]
    [InlineData("linked", "user weak base")]
    [InlineData("linked", "weak user base")]
    [InlineData("linked", "first second")]
    [InlineData("linked", "second first")]
    [InlineData("linked/clang-14", "user base weak")]
    public void Both_load_what_was_linked(string folder, string parts)
    {
        var linker = new BpfLinker();
        foreach (string part in parts.Split(' ')) linker.Add(TestData.Read($"{folder}/{part}.bpf.o"), part);
        byte[] image = linker.ToArray();
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, image);
            JsonElement answer = ReferenceLoader.Verify(path, null);
            Assert.Equal("ok", answer.GetProperty("open").GetString());
            BpfObjectFile file = BpfObjectFile.Read(image, "linked.o");
            if (file.Programs.TryGet("user_program", out BpfProgramDefinition? calling) && !Requires.Has("bpf_for_each_map_elem"))
            {
                // It has a callback, which came with Linux 5.13: before that, nobody loads it.
                Assert.Equal(BpfDiagnosticId.FunctionInfoMissing, Assert.Throws<BpfVerifierException>(() => file.Load()).Id);
                calling.AutoLoad = false;
            }

            using BpfObject bpf = file.Load();
            if (!ReferenceLoader.KnowsTheVersionFor(file)) return;
            Assert.Equal(
                answer.GetProperty("programs").EnumerateArray().Where(program => program.GetProperty("loaded").GetBoolean())
                    .Select(program => (program.GetProperty("name").GetString(), program.GetProperty("tag").GetString())),
                bpf.Programs.Select(program => ((string?)program.Name, (string?)program.GetInfo().Tag)));
        }
        finally
        {
            File.Delete(path);
        }
    }
}

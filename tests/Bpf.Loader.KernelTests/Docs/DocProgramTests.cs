using System;
using System.IO;
using System.Linq;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Docs;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Docs;

/// <summary>The programs that the documentation shows, in the kernel.</summary>
[AnyKernel]
public class DocProgramTests : KernelTest
{
    public static TheoryData<string> All => [.. DocPages.Snippets("c").Select(snippet => Path.ChangeExtension(snippet.Info, ".o"))];

    // They are compiled first.
    public DocProgramTests() => Requires.RealProcessor();

    [Theory]
    [MemberData(nameof(All))]
    public void A_program_loads_and_attaches(string name)
    {
        byte[] image = DocObjects.All[name];
        using var pins = new TestFileSystem();
        BpfObjectFile file = BpfObjectFile.Read(image, name, new BpfOpenOptions { PinRootPath = pins.Path });
        KernelPolicy.Permits(file);
        using BpfObject bpf = file.Load();
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Equal(file.Programs.Count, links.Count + links.PassedOver.Count);
        // Where to is said by hand.
        Assert.Equal(name is "deny.bpf.o" or "traffic.bpf.o" or "traffic_next.bpf.o" or "sampler.bpf.o", links.Count == 0);
    }

    [Fact]
    public void The_documented_capabilities_are_enough_to_trace()
    {
        string path = Path.Combine(Path.GetTempPath(), $"calls-{Environment.ProcessId}.bpf.o");
        File.WriteAllBytes(path, DocObjects.All["calls.bpf.o"]);
        try
        {
            Assert.Equal("ok", Verify(path, "+bpf,+perfmon"));
            Assert.Equal("EPERM", Verify(path, "+bpf"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Root with these capabilities only: a user's rights to files do not matter here.
    private static string Verify(string path, string capabilities)
    {
        (_, string output, string errors) = Shell.TryWith(capabilities, $"{BpfTool.Path} verify --json {path}");
        Assert.True(output.Contains("\"load\":", StringComparison.Ordinal), output + errors);
        return output.Split("\"load\":\"")[1].Split('"')[0];
    }
}
